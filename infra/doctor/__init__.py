"""Looks at each thing that Lambent needs, and names the cure of what is wrong."""
