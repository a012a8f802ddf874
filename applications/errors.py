"""What can be refused about applications and offers."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidInput


class ImpossibleStep(DomainError):
    code = "impossible_step"
    text = _("This cannot be done any more: the application is « %(state)s ».")


class ReasonNeeded(InvalidInput):
    code = "reason_needed"
    text = _("Say why.")
    field = "reason"


class OfferClosed(DomainError):
    code = "offer_closed"
    text = _("This offer is closed: %(state)s.")


class OfferExpired(DomainError):
    code = "offer_expired"
    text = _("This offer ran out on %(day)s. Write to us: it can be made again.")


class SpaceNeeded(InvalidInput):
    code = "space_needed"
    text = _("Choose a space: only a domiciliation needs none.")
    field = "space"


class BadOfferDates(InvalidInput):
    code = "bad_offer_dates"
    text = _("The lease must end after it starts, and the offer must run out in the future.")
    field = "last_day"


class SiteClosed(DomainError):
    code = "site_takes_no_applications"
    text = _("%(site)s takes no applications at present.")
    field = "site"
