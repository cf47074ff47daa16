"""LocalStack as the place where Lambent runs: started by Docker Compose, or found running."""
