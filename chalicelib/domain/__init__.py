"""Pure rules: no clock, no table, no framework."""
