"""The account of a deposit: what is kept of it and why, with what shows it; what goes back."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import PERSONAL, MoneyField
from core.history import tracked
from core.stored_files import private_name
from leases.choices import SettlementLineKind, SettlementState
from leases.models.handovers import HandoverItem
from leases.models.leases import Lease
from leases.querysets import (
    DepositSettlementQuerySet,
    SettlementEvidenceQuerySet,
    SettlementLineQuerySet,
)

_WAS_CLOSED = (SettlementState.CLOSED, SettlementState.TAKEN_BACK)


@tracked()
class DepositSettlement(models.Model):
    """What is kept of a deposit (décompte du dépôt de garantie), line by line.

    Closing it keeps the money of its lines; then it is frozen with all that is in it (triggers). A
    mistake is taken back as a whole and another one is begun. `leases.services.settlements` is the
    door.
    """

    lease = models.ForeignKey(
        Lease, models.PROTECT, related_name="settlements", verbose_name=_("lease")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=SettlementState, default=SettlementState.DRAFT
    )
    begun_at = models.DateTimeField(_("begun"), auto_now_add=True)
    # The day that the money is kept.
    on = models.DateField(_("on"), null=True)
    # For the company to read.
    note = models.TextField(_("note"), max_length=2000, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    # As it was closed: held before, and whether all that is left goes back (the tenant has left).
    held = MoneyField(_("held"), null=True)
    final = models.BooleanField(_("final"), default=False)
    reason = models.CharField(_("why it was taken back"), max_length=300, blank=True)
    # Who did what its state says.
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = DepositSettlementQuerySet.as_manager()

    class Meta:
        verbose_name = _("deposit settlement")
        verbose_name_plural = _("deposit settlements")
        ordering = ["lease", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lease"],
                condition=Q(state=SettlementState.DRAFT),
                name="leases_depositsettlement_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=_WAS_CLOSED,
                    on__isnull=False,
                    closed_at__isnull=False,
                    held__isnull=False,
                )
                | Q(
                    state__in=[SettlementState.DRAFT, SettlementState.DROPPED],
                    on__isnull=True,
                    closed_at__isnull=True,
                    held__isnull=True,
                    final=False,
                ),
                name="leases_depositsettlement_state",
            ),
            models.CheckConstraint(
                condition=Q(state=SettlementState.TAKEN_BACK) ^ Q(reason=""),
                name="leases_depositsettlement_says_why",
            ),
        ]

    def __str__(self) -> str:
        day = self.on.isoformat() if self.on is not None else "…"
        return f"{self.lease} · {day}"

    @property
    def is_draft(self) -> bool:
        return self.state == SettlementState.DRAFT


@tracked()
class SettlementLine(models.Model):
    """Something that is kept, and why; closed, an entry of the deposit's ledger stands for it."""

    settlement = models.ForeignKey(
        DepositSettlement,
        models.PROTECT,
        related_name="lines",
        verbose_name=_("deposit settlement"),
    )
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=10, choices=SettlementLineKind)
    words = models.CharField(_("for what"), max_length=300)
    amount = MoneyField(_("amount"))
    # What the handover report says of it (état des lieux de sortie).
    item = models.ForeignKey(
        HandoverItem,
        models.PROTECT,
        null=True,
        related_name="settlement_lines",
        verbose_name=_("in the handover report"),
    )

    objects = SettlementLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a deposit settlement")
        verbose_name_plural = _("lines of deposit settlements")
        ordering = ["settlement", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["settlement", "position"], name="leases_settlementline_position"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="leases_settlementline_amount"),
            models.CheckConstraint(condition=~Q(words=""), name="leases_settlementline_words"),
            models.CheckConstraint(
                condition=Q(kind__in=SettlementLineKind.values), name="leases_settlementline_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.words


@tracked()
class SettlementEvidence(models.Model):
    """A file that shows what a line says: an invoice, an estimate, a photo. Private."""

    line = models.ForeignKey(
        SettlementLine,
        models.PROTECT,
        related_name="evidence",
        verbose_name=_("line of a deposit settlement"),
    )
    name = models.CharField(_("name"), max_length=200, db_comment=PERSONAL)
    media_type = models.CharField(_("kind"), max_length=100)
    size = models.PositiveIntegerField(_("size, bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    file = models.FileField(_("file"), upload_to=private_name, max_length=100)
    made_at = models.DateTimeField(_("entered"), auto_now_add=True)
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = SettlementEvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence of a deposit settlement")
        verbose_name_plural = _("evidence of deposit settlements")
        ordering = ["line", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "sha256"], name="leases_settlementevidence_same_bytes_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
