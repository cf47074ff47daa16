"""The use cases of accounts: coming in, staying in, being kept out."""
