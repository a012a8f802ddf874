"""The staff pages of what belongs to no app of ours; importing them registers them."""

from technopark.staff import system  # noqa: F401
