"""Reads across applications; nothing here writes."""
