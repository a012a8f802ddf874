from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RunState(models.TextChoices):
    """Human acts, but for the first, which ends by itself."""

    COMPUTING = "computing", pgettext_lazy("run", "being computed")
    DRAFT = "draft", pgettext_lazy("run", "to be looked at")
    ISSUING = "issuing", pgettext_lazy("run", "being issued")
    PAUSED = "paused", pgettext_lazy("run", "paused")
    ISSUED = "issued", pgettext_lazy("run", "issued")
    DROPPED = "dropped", pgettext_lazy("run", "dropped")


class ItemState(models.TextChoices):
    """What became of a lease in a run."""

    PROPOSED = "proposed", pgettext_lazy("run", "proposed")
    NOTHING = "nothing", pgettext_lazy("run", "nothing to bill")
    LEFT_OUT = "left_out", pgettext_lazy("run", "left out")
    ISSUED = "issued", pgettext_lazy("run", "issued")
    CHANGED = "changed", pgettext_lazy("run", "changed since the preview")
    FAILED = "failed", pgettext_lazy("run", "failed")


class Change(models.TextChoices):
    """Why a lease is billed something else than the month before."""

    NEW = "new", pgettext_lazy("billing", "new")
    ENDED = "ended", pgettext_lazy("billing", "ended")
    STEP = "step", pgettext_lazy("billing", "rent step")
    AMENDED = "amended", pgettext_lazy("billing", "amendment")
    PART = "part", pgettext_lazy("billing", "part of a month")
    BACK = "back", pgettext_lazy("billing", "changed for the past")
    LATE = "late", pgettext_lazy("billing", "not billed before")
    OTHER = "other", pgettext_lazy("billing", "other charges")


class Anomaly(models.TextChoices):
    """What somebody should look at before a lease is billed."""

    NO_RENT = "no_rent", _("no rent, and nobody agreed to that")
    JUMP = "jump", _("more than 20 % away from the month before")
    NO_ICE = "no_ice", _("the company's ICE is missing")
    NO_DEPOSIT = "no_deposit", _("the deposit is missing")
    NO_VAT_RULE = "no_vat_rule", _("no VAT rule says a rate")
    NEGATIVE = "negative", _("more is taken back than is left")
    HOLDING_OVER = "holding_over", _("holding over")


BLOCKING = frozenset({Anomaly.NO_VAT_RULE, Anomaly.NEGATIVE})
"""Nothing can be issued before these are put right."""


class InvoiceKind(models.TextChoices):
    INVOICE = "invoice", _("invoice")
    CREDIT_NOTE = "credit", _("credit note")


class CreditKind(models.TextChoices):
    """Whether what is credited may be billed again."""

    CANCELLING = "cancelling", pgettext_lazy("credit note", "cancelling")
    COMMERCIAL = "commercial", pgettext_lazy("credit note", "goodwill")


class LineSide(models.IntegerChoices):
    """Of a charge: what is asked, or what its discount takes off. Days are counted on each."""

    CHARGE = 0, _("charge")
    DISCOUNT = 1, _("discount")
