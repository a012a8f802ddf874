"""Pages of billing that are of no model, for staff, and behind the links in our letters."""
