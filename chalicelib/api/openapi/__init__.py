"""The OpenAPI 3.1 document of the API, from the endpoints' own declarations and types."""
