"""Writes on sites and space."""
