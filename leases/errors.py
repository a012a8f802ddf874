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


class StayBeganBefore(DomainError):
    code = "stay_began_before"
    text = _(
        "The company's start-up months count from %(day)s: cancel draft %(number)s and draft it "
        "again, at the rates of its stay."
    )


class ReasonNeeded(InvalidInput):
    code = "reason_needed"
    text = _("Say why.")
    field = "reason"


class BadSteps(DomainError):
    code = "bad_steps"
    text = _("The rent steps must cover the letting, without gap or overlap.")


class BadTerms(InvalidInput):
    code = "bad_terms"
    text = _("%(reasons)s")


class NothingChanges(DomainError):
    code = "nothing_changes"
    text = _("Nothing would change.")


class OfferStands(DomainError):
    code = "offer_stands"
    text = _("Lease %(number)s comes from an offer: its days, spaces and rent are as accepted.")


class LeaseMovedOn(DomainError):
    code = "lease_moved_on"
    text = _("Lease %(number)s has changed since this amendment was drafted: draft it again.")


class AmendmentClosed(DomainError):
    code = "amendment_closed"
    text = _("This amendment is « %(state)s »: it can no longer be signed or dropped.")


class NoticeStands(DomainError):
    code = "notice_stands"
    text = _("Notice was given already, for %(day)s: withdraw it first.")


class StillHoldingOver(DomainError):
    code = "still_holding_over"
    text = _("Lease %(number)s is past its end: renew it or end it first.")


class NoNotice(DomainError):
    code = "no_notice"
    text = _("No notice stands.")


class LeaseGoesOn(DomainError):
    code = "lease_goes_on"
    text = _("Another company goes on with this lease, as %(number)s.")


class SameCompany(InvalidInput):
    code = "same_company"
    text = _("This company is the tenant already.")
    field = "company"


class DepositNotHeld(DomainError):
    code = "deposit_not_held"
    text = _("Only %(held)s DH of the deposit are held.")


class BadDeposit(InvalidInput):
    code = "bad_deposit"
    text = _("Give an amount in dirhams and centimes, more than nothing.")


class DepositMissing(DomainError):
    code = "deposit_missing"
    text = _("%(missing)s DH of the deposit are missing: enter them, or say why none is asked.")


class KeptBySettlement(InvalidInput):
    code = "kept_by_settlement"
    text = _("Money is kept by a settlement of the deposit, and taken back with it.")
    field = "act"


class MovedWithLease(DomainError):
    code = "moved_with_lease"
    text = _("It moved over when the lease was assigned, and comes back when that is taken back.")


class SettlementOver(DomainError):
    code = "settlement_over"
    text = _("This settlement is « %(state)s »: that can no longer be done.")


class MoreThanHeld(DomainError):
    code = "more_than_held"
    text = _(
        "The lines come to %(kept)s DH and %(held)s DH are held: take %(more)s DH out of them, and "
        "bill that much by itself."
    )


class NothingToSettle(DomainError):
    code = "nothing_to_settle"
    text = _("There is nothing to settle: nothing is held of the deposit, or nothing is kept.")


class WordsMissing(InvalidInput):
    code = "words_missing"
    text = _("Say for what it is kept.")
    field = "words"


class UnknownItem(InvalidInput):
    code = "unknown_item"
    text = _("The handover reports of this lease have no such item.")
    field = "item"


class TooMuchEvidence(DomainError):
    code = "too_much_evidence"
    text = _("A line takes at most %(most)s files.")


class NothingKnownYet(InvalidInput):
    code = "nothing_known_yet"
    text = _("Nothing of lease %(number)s was signed by then.")
    field = "known_on"


class UnknownEntry(InvalidInput):
    code = "unknown_entry"
    text = _("The deposit of this lease has no such entry.")
    field = "entry"


class HoldIsOver(InvalidInput):
    code = "hold_is_over"
    text = _("That day is over: a hold ends today at the earliest.")
    field = "held_until"


class HoldIsPromised(DomainError):
    code = "hold_is_promised"
    text = _("%(space)s is held for an offer or a draft lease: it is free when that is withdrawn.")


class NothingToIssue(DomainError):
    code = "nothing_to_issue"
    text = _("%(reason)s")


class BadClauses(InvalidInput):
    code = "bad_clauses"
    text = _("Nothing is filled in for %(unknown)s. This document knows: %(known)s.")
    field = "body"


class ClausesOutdated(DomainError):
    code = "clauses_outdated"
    text = _("These clauses have a newer version: edit that one.")


class ReportClosed(DomainError):
    code = "report_closed"
    text = _("This report is « %(state)s »: nothing in it changes any more.")


class ReportUnfinished(DomainError):
    code = "report_unfinished"
    text = _("Not looked at yet: %(things)s.")


class PresentMissing(InvalidInput):
    code = "present_missing"
    text = _("Say who was there for the lessor.")
    field = "present_for_lessor"


class SpaceNotLet(InvalidInput):
    code = "space_not_let"
    text = _("This lease does not let this space.")
    field = "space"


class ElementMissing(InvalidInput):
    code = "element_missing"
    text = _("Say what it is.")
    field = "element"


class ItemOfEntry(DomainError):
    code = "item_of_entry"
    text = _("The entry had this: it stays, and may be said not to be there.")


class ListedTwice(InvalidInput):
    code = "listed_twice"
    text = _("« %(what)s » is listed twice.")


class ReadingBelowEntry(InvalidInput):
    code = "reading_below_entry"
    text = _(
        "Meter %(number)s read %(before)s at the entry: it reads no less now, unless it was "
        "replaced."
    )
    field = "reading"


class TooManyPhotos(DomainError):
    code = "too_many_photos"
    text = _("There are %(limit)s photos of this already: remove one first.")


class SignedHere(DomainError):
    code = "signed_here"
    text = _("Lease %(number)s was signed here: its signed contract is a copy of what was issued.")


class CopyInfected(InvalidInput):
    code = "copy_infected"
    text = _("A virus was found in this file: it was not kept.")
    field = "file"


class SignersMissing(InvalidInput):
    code = "signers_missing"
    text = _("Say who signed.")
    field = "signers"
