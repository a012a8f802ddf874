"""Pages of billing that are of no model."""
