"""Pages of companies outside the staff site's lists."""
