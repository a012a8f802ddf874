"""Staff pages of applications."""

from applications.admin.files import ApplicationAdmin
from applications.admin.offers import OfferAdmin

__all__ = ["ApplicationAdmin", "OfferAdmin"]
