"""The staff pages of sites, space and people; importing them registers them."""

from sites.admin import lessors, people, places, spaces, tariffs, webhooks  # noqa: F401
