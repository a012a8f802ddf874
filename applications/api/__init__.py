"""REST: the resources of applications."""
