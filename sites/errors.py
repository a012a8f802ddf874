"""What can be refused about sites and space."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidInput


class SpaceTaken(DomainError):
    code = "space_taken"
    text = _("%(space)s is not free from %(start)s: %(in_the_way)s.")


class SpaceNotLettable(DomainError):
    code = "space_not_lettable"
    text = _("%(space)s is not in service for the whole period.")


class UnknownSpace(InvalidInput):
    code = "unknown_space"
    text = _("There is no such space.")
    field = "space"


class SpaceNotMeasured(DomainError):
    code = "space_not_measured"
    text = _("%(space)s has no measured area on %(day)s. Enter its m² first.")


class SpaceHasUnits(DomainError):
    code = "space_has_units"
    text = _("%(space)s is divided into units: choose one of them.")


class SpaceIsWhole(DomainError):
    code = "space_is_whole"
    text = _(
        "%(space)s was measured, lettable or booked as a whole: dividing it would change past "
        "figures. Add another space to hold the units."
    )
    field = "parent"


class WrongSite(InvalidInput):
    code = "wrong_site"
    text = _("%(space)s is not at %(site)s.")


class NoRatePlan(DomainError):
    code = "no_rate_plan"
    text = _("%(site)s has no rate plan for this kind of tenant on %(day)s.")


class AlreadyMeasured(DomainError):
    code = "already_measured"
    text = _("A measurement of %(space)s already begins on %(day)s.")


class SpaceRetired(DomainError):
    code = "space_retired"
    text = _("The space was retired: its last measurement ends on %(day)s.")


class TooFewSpaces(InvalidInput):
    code = "too_few_spaces"
    text = _("Give at least two spaces.")


class NotOnOneFloor(InvalidInput):
    code = "not_on_one_floor"
    text = _("%(space)s is on another floor or in another space.")
    field = "spaces"


class AreasDiffer(InvalidInput):
    code = "areas_differ"
    text = _("The parts have %(parts)s, %(space)s has %(area)s: say why they differ.")
    field = "note"


class AlreadyInService(DomainError):
    code = "already_in_service"
    text = _("%(space)s is in service from %(day)s on.")


class HoldNotFound(DomainError):
    code = "hold_not_found"
    text = _("The hold on %(space)s has run out. Choose a space again.")


class NotOutOfService(DomainError):
    code = "not_out_of_service"
    text = _("%(space)s is not out of service on %(day)s.")
