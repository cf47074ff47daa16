"""Writes what a model begins as: one file that can be served at once, and its test."""
