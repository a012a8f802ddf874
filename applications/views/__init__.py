"""Pages of applicants."""
