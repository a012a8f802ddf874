"""Public pages that need to know who is hosted."""
