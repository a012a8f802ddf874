"""Staff pages of applications."""

from applications.admin.calls import CallAdmin, CallVersionAdmin
from applications.admin.committee import SessionAdmin
from applications.admin.files import ApplicationAdmin
from applications.admin.letters import LetterAdmin
from applications.admin.offers import OfferAdmin
from applications.admin.retention import RetentionRuleAdmin
from applications.admin.targets import StageTargetAdmin
from applications.admin.tasks import TaskAdmin, TaskTemplateAdmin
from applications.admin.transfers import TransferAdmin
from applications.admin.waiting import PlaceAdmin
from applications.admin.wording import LetterTemplateAdmin

__all__ = [
    "ApplicationAdmin",
    "CallAdmin",
    "CallVersionAdmin",
    "LetterAdmin",
    "LetterTemplateAdmin",
    "OfferAdmin",
    "PlaceAdmin",
    "RetentionRuleAdmin",
    "SessionAdmin",
    "StageTargetAdmin",
    "TaskAdmin",
    "TaskTemplateAdmin",
    "TransferAdmin",
]
