"""What can be refused about leases."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidInput


class WrongLeaseState(DomainError):
    code = "wrong_lease_state"
    text = _("This cannot be done: lease %(number)s is « %(state)s ».")


class LeaseAlreadySigned(DomainError):
    code = "lease_already_signed"
    text = _("Lease %(number)s is signed: the site's manager must cancel it first.")


class BadLeaseDate(InvalidInput):
    code = "bad_lease_date"
    text = _("%(reason)s")


class NothingLet(DomainError):
    code = "nothing_let"
    text = _("Lease %(number)s lets no space.")


class ReasonNeeded(InvalidInput):
    code = "reason_needed"
    text = _("Say why.")
    field = "reason"


class BadSteps(DomainError):
    code = "bad_steps"
    text = _("The rent steps must cover the letting, without gap or overlap.")
