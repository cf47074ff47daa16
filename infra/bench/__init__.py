"""Measures Lambent: calls and sizes, which have limits, and times, which are compared."""
