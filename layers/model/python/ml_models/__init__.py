"""The models served, one file each; a file that registers a model here is all it takes."""
