"""Use cases over ports; they decide, adapters act."""
