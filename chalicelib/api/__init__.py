"""HTTP: the only code that knows Chalice."""
