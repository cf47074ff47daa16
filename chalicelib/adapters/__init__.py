"""The only code that knows AWS, cryptography and PyJWT."""
