"""Development only: builds, runs and deploys Lambent. Nothing here is shipped."""
