"""The staff pages of companies; importing them registers them."""

from tenants.admin import classifications, companies, follow_ups  # noqa: F401
