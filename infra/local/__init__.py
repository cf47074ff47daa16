"""Lambent on this machine: brought up on the embedded emulator, seeded, and reached."""
