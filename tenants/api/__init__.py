"""REST: the resources of tenants."""
