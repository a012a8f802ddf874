"""Reads of billing, across its models."""
