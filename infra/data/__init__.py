"""What a running Lambent holds, as a file: written, checked, and read back."""
