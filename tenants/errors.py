"""What can be refused about companies."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidInput


class WrongIdentifier(InvalidInput):
    code = "wrong_identifier"
    text = _("%(name)s %(value)s is not right: %(reason)s")


class IceTaken(DomainError):
    code = "ice_taken"
    text = _("The ICE %(ice)s already belongs to %(company)s.")
    field = "ice"


class AlreadyMerged(DomainError):
    code = "already_merged"
    text = _("%(company)s was already merged into another record.")


class IdentityNotYet(DomainError):
    code = "identity_not_yet"
    text = _("A new identity is noted from its first day on: %(since)s has not come yet.")
    field = "since"


class IdentityTooEarly(DomainError):
    code = "identity_too_early"
    text = _("The present identity of %(company)s began on %(since)s: choose a later day.")
    field = "since"
