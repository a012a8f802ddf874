"""REST: the base of every resource, and the resources of sites and space."""
