"""A seeded fuzzer of requests: who asks, for what, in how broken a way, and what may come back."""
