"""Users, what proves who they are, and what is told about them."""
