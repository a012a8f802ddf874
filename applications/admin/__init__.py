"""Staff pages of applications."""

from applications.admin.files import ApplicationAdmin
from applications.admin.offers import OfferAdmin
from applications.admin.targets import StageTargetAdmin

__all__ = ["ApplicationAdmin", "OfferAdmin", "StageTargetAdmin"]
