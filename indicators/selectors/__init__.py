"""Reads across the apps below: the tables that figures are computed from, figures, and rows."""
