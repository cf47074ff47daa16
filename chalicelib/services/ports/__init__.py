"""What the use cases need of the outside world; adapters and fakes pass one contract."""
