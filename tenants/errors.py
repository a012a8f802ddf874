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


class BadDeclaration(InvalidInput):
    code = "bad_declaration"
    text = _("%(reason)s")


class DeclarationReplaced(DomainError):
    code = "declaration_replaced"
    text = _("Another declaration has taken its place meanwhile: look at it again.")
    field = "replaces"


class EvidenceInfected(InvalidInput):
    code = "evidence_infected"
    text = _("A virus was found in this file: it is not kept.")
    field = "file"


class LinkGone(DomainError):
    code = "link_gone"
    text = _("This link is no longer needed: nothing is asked of your company here any more.")
    status = 410


class NoAddress(DomainError):
    code = "no_address"
    text = _("No e-mail address of %(company)s is known.")


class AskedJustNow(DomainError):
    code = "asked_just_now"
    text = _("A link left less than an hour ago.")


class FollowUpOver(DomainError):
    code = "follow_up_over"
    text = _("The follow-up of %(company)s is over: %(reason)s.")


class CannotSucceed(InvalidInput):
    code = "cannot_succeed"
    text = _("%(company)s cannot succeed %(predecessor)s: %(reason)s")
    field = "succeeds"
