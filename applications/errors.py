"""What can be refused about applications, decisions and offers."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidInput


class ImpossibleStep(DomainError):
    code = "impossible_step"
    text = _("This cannot be done any more: the application is « %(state)s ».")


class ReasonNeeded(InvalidInput):
    code = "reason_needed"
    text = _("Say why.")
    field = "reason"


class NotAdmitted(DomainError):
    code = "not_admitted"
    text = _("No decision in force admits this application: it can be offered nothing.")


class BadDecision(InvalidInput):
    code = "bad_decision"
    text = _("%(reason)s")


class NothingToPublish(DomainError):
    code = "nothing_to_publish"
    text = _("There is no unpublished decision on this application.")


class SecondPersonNeeded(DomainError):
    code = "second_person_needed"
    text = _("Another person must confirm it: an officer, or the director where there is only one.")


class NotFoundIneligible(DomainError):
    code = "not_found_ineligible"
    text = _("Nobody has found this application ineligible.")


class BadOriginal(InvalidInput):
    code = "bad_original"
    text = _("Choose another application, one that is not itself a duplicate.")
    field = "original"


class BadRequest(InvalidInput):
    code = "bad_request_for_information"
    text = _("%(reason)s")


class NotAsked(DomainError):
    code = "not_asked"
    text = _("This is not open for change: only what was asked for is.")
    status = 400


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
