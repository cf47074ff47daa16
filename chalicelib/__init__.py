"""Lambent's own code: api, services, adapters, inference, domain."""
