"""Reads across leases: how they stand, their terms, what they make due, who is hosted."""
