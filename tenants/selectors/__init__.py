"""Reads on companies."""
