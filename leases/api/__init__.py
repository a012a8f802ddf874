"""REST: the resources of leases."""
