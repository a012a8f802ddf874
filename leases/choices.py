from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LeaseState(models.TextChoices):
    """Human acts. "In notice" and "holding over" derive from dates, never stored."""

    DRAFT = "draft", pgettext_lazy("lease", "draft")
    SIGNED = "signed", pgettext_lazy("lease", "signed")
    ACTIVE = "active", pgettext_lazy("lease", "active")
    ENDED = "ended", pgettext_lazy("lease", "ended")
    CANCELLED = "cancelled", pgettext_lazy("lease", "cancelled")


class ExitReason(models.TextChoices):
    """Why a lease ended (motif de sortie)."""

    TERM = "term", _("its term was over")
    NOTICE = "notice", _("notice was given")
    AGREED = "agreed", _("early, by agreement")
    EVICTION = "eviction", _("eviction")
    CLOSED = "closed", _("the company closed")
    ASSIGNED = "assigned", _("assigned to another company")
    OTHER = "other", pgettext_lazy("reason", "other")


class VersionAct(models.TextChoices):
    """The human act behind a version of a lease."""

    SIGNED = "signed", pgettext_lazy("lease", "signed")
    AMENDED = "amended", pgettext_lazy("lease", "amended")
    ENDED = "ended", pgettext_lazy("lease", "ended")
    ASSIGNED = "assigned", _("assigned to another company")
    REOPENED = "reopened", pgettext_lazy("lease", "end taken back")
    KEYS_BACK = "keys_back", pgettext_lazy("lease", "handover taken back")
    SPLIT = "split", _("space split")
    MERGED = "merged", _("spaces merged")
    IMPORTED = "imported", _("imported")
    METERED = "metered", _("meters read")


class AmendmentKind(models.TextChoices):
    """What an amendment (avenant) is about."""

    SPACE = "space", _("spaces or m²")
    END = "end", _("another end")
    RENEWAL = "renewal", _("renewal")
    RENT = "rent", _("rent")
    CATEGORY = "category", _("kind of tenant")
    CHARGES = "charges", _("charges and discounts")
    CORRECTION = "correction", _("correction")


class AmendmentState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("amendment", "draft")
    SIGNED = "signed", pgettext_lazy("amendment", "signed")
    DROPPED = "dropped", pgettext_lazy("amendment", "dropped")


class ChargeKind(models.TextChoices):
    """What a charge is for; each letting has one of `rent`."""

    RENT = "rent", _("rent")
    SERVICE = "service", _("service charge")
    PARKING = "parking", _("parking")
    INTERNET = "internet", _("internet")
    METER = "meter", _("consumption")
    ONE_OFF = "one_off", _("one-off item")
    OTHER = "other", _("other charge")


class ChargeUnit(models.TextChoices):
    PER_M2 = "per_m2", _("per m² and month")
    FLAT = "flat", _("flat, per month")
    PER_TERM = "per_term", _("flat, per billing term")
    ONCE = "once", _("once")


class DiscountUnit(models.TextChoices):
    PERCENT = "percent", _("percent of the rent")
    PER_M2 = "per_m2", _("per m² and month")
    FLAT = "flat", _("flat, per month")


class BillingTerm(models.IntegerChoices):
    """Every so many months of the calendar."""

    MONTH = 1, _("monthly")
    QUARTER = 3, _("quarterly")
    YEAR = 12, _("yearly")


class NoticeBy(models.TextChoices):
    TENANT = "tenant", _("the tenant")
    LESSOR = "lessor", _("the lessor")


class AgendaKind(models.TextChoices):
    """Why a lease stands on the agenda."""

    HOLDING_OVER = "holding_over", _("holding over")
    NO_KEYS = "no_keys", pgettext_lazy("agenda", "keys not handed over")
    STARTS = "starts", pgettext_lazy("agenda", "starts")
    STEPS = "steps", pgettext_lazy("agenda", "rent changes")
    DISCOUNT_BEGINS = "discount_on", pgettext_lazy("agenda", "discount begins")
    DISCOUNT_ENDS = "discount_off", pgettext_lazy("agenda", "discount ends")
    NOTICE_DUE = "notice_due", pgettext_lazy("agenda", "last day to give notice")
    LEAVES = "leaves", pgettext_lazy("agenda", "last day after notice")
    TERM_ENDS = "term_ends", pgettext_lazy("agenda", "term ends")
    ENDS = "ends", pgettext_lazy("agenda", "space given back")
    MAXIMUM_STAY = "maximum_stay", pgettext_lazy("agenda", "maximum stay")
    DEPOSIT_MISSING = "deposit_missing", pgettext_lazy("agenda", "deposit missing")
    DEPOSIT_TO_SETTLE = "deposit_to_settle", pgettext_lazy("agenda", "deposit to settle")
    DEPOSIT_TO_RETURN = "deposit_to_return", pgettext_lazy("agenda", "deposit to return")


class HandoverWay(models.TextChoices):
    """Which way the keys go (entrée, sortie)."""

    IN = "in", pgettext_lazy("handover", "entry")
    OUT = "out", pgettext_lazy("handover", "exit")


class ReportState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("handover report", "being written")
    CLOSED = "closed", pgettext_lazy("handover report", "closed")
    DROPPED = "dropped", pgettext_lazy("handover report", "dropped")


class Condition(models.TextChoices):
    """How a thing was found; "" until somebody has looked."""

    GOOD = "good", pgettext_lazy("condition", "good")
    WORN = "worn", pgettext_lazy("condition", "worn")
    DAMAGED = "damaged", pgettext_lazy("condition", "damaged")
    MISSING = "missing", pgettext_lazy("condition", "missing")
    """It was there once, or should be."""
    NOT_THERE = "not_there", pgettext_lazy("condition", "not there")
    """The room has no such thing."""


class MeterKind(models.TextChoices):
    ELECTRICITY = "electricity", _("electricity")
    WATER = "water", _("water")
    COOLING = "cooling", _("cooling")
    OTHER = "other", pgettext_lazy("meter", "other")


class DepositAct(models.TextChoices):
    """An entry of the deposit's ledger."""

    RECEIVED = "received", pgettext_lazy("deposit", "received")
    RETURNED = "returned", pgettext_lazy("deposit", "returned")
    KEPT = "kept", pgettext_lazy("deposit", "kept")


class DepositMethod(models.TextChoices):
    """How money of a deposit came or went back; of what is kept, none."""

    TRANSFER = "transfer", pgettext_lazy("payment", "transfer")
    CHEQUE = "cheque", pgettext_lazy("payment", "cheque")
    CASH = "cash", pgettext_lazy("payment", "cash")
    CARD = "card", pgettext_lazy("payment", "card")
    # Held in the old system on the day that the lease came in here.
    BALANCE = "balance", pgettext_lazy("payment", "balance brought forward")
    # From lease to lease: no money moves.
    MOVED = "moved", pgettext_lazy("deposit", "with the assignment of the lease")


DEPOSIT_PAID: Final = [
    (each.value, each.label)
    for each in DepositMethod
    if each not in {DepositMethod.BALANCE, DepositMethod.MOVED}
]
"""What people enter; the rest comes of imports and assignments."""


class SettlementState(models.TextChoices):
    """Of a deposit's settlement."""

    DRAFT = "draft", pgettext_lazy("settlement", "draft")
    CLOSED = "closed", pgettext_lazy("settlement", "closed")
    TAKEN_BACK = "taken_back", pgettext_lazy("settlement", "taken back")
    DROPPED = "dropped", pgettext_lazy("settlement", "dropped")


class SettlementLineKind(models.TextChoices):
    """Why a part of a deposit is kept."""

    DAMAGE = "damage", _("damage")
    CLEANING = "cleaning", _("cleaning")
    KEYS = "keys", _("missing keys")
    UNPAID = "unpaid", _("unpaid rent or charges")
    UTILITIES = "utilities", _("water and electricity")
    OTHER = "other", pgettext_lazy("settlement", "other")


class SpaceState(models.TextChoices):
    """What a space is on a day. Derived from bookings and lettings, never stored."""

    LET = "let", pgettext_lazy("space", "let")
    FREEING = "freeing", pgettext_lazy("space", "freeing up within 6 months")
    FREE = "free", _("free")
    HELD = "held", pgettext_lazy("space", "held")
    OUT = "out", _("out of service")


class DocumentKind(models.TextChoices):
    """What is written about a lease, signed or sent."""

    CONTRACT = "contract", pgettext_lazy("document", "contract")
    AMENDMENT = "amendment", pgettext_lazy("document", "amendment")
    NOTICE = "notice", pgettext_lazy("document", "letter of notice")
    CERTIFICATE = "certificate", pgettext_lazy("document", "certificate of residence")
    HANDOVER = "handover", pgettext_lazy("document", "handover report")
    SETTLEMENT = "settlement", pgettext_lazy("document", "deposit settlement")


COUNTING_STATES = (LeaseState.SIGNED, LeaseState.ACTIVE, LeaseState.ENDED)
"""A letting counts in the indicators once its lease is signed."""

OVER_STATES = (LeaseState.ENDED, LeaseState.CANCELLED)
"""What is left of the deposit goes back then."""
