"""What indicators refuse, in words."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidInput


class MonthNotOver(InvalidInput):
    code = "month_not_over"
    text = _("A report is made once its month is over.")
    field = "month"


class ReportMade(DomainError):
    """Another one would have other figures: what was sent is kept."""

    code = "report_made"
    text = _("This report was made already: it is kept as it was.")


class ReportDamaged(DomainError):
    """What is stored is not what was written: it is given to nobody."""

    code = "report_damaged"
    text = _("The stored file of %(number)s is missing or damaged: fetch it from a backup.")
