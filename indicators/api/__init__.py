"""REST: the resources of indicators."""
