"""What can be refused about rent runs."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidInput


class BillingNotSet(DomainError):
    code = "billing_not_set"
    text = _("Site %(site)s has no billing start: set it first.")


class RunOpen(DomainError):
    code = "run_open"
    text = _("The run of %(month)s of this site is still open: issue or drop it first.")


class NoSiteToRun(DomainError):
    code = "no_site_to_run"
    text = _("No site begins a run of this month: each has an open one, or bills later.")


class RunClosed(DomainError):
    code = "run_closed"
    text = _("This run is « %(state)s »: this cannot be done any more.")


class BeforeBilling(InvalidInput):
    code = "before_billing"
    text = _("Billing starts on %(day)s at this site: choose a later month.")
    field = "month"


class TooFarAhead(InvalidInput):
    code = "too_far_ahead"
    text = _("Runs begin at most %(months)s months ahead: look at the year.")
    field = "month"


class ItemClosed(DomainError):
    code = "item_closed"
    text = _("Lease %(number)s is « %(state)s » in this run: this cannot be done any more.")
