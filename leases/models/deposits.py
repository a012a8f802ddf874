"""The deposit of a lease (dépôt de garantie): a ledger of rows that are never changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import MoneyField
from leases.choices import DepositAct, DepositMethod
from leases.models.leases import Lease
from leases.models.settlements import SettlementLine
from leases.querysets import DepositEntryQuerySet


class DepositEntry(models.Model):
    """Money of a deposit that came, went back, or was kept. Insert-only.

    What is due is the lease's terms'; what is held is received - returned - kept, and never less
    than nothing (trigger). A mistake is put right by `reverses`: an entry that takes another back.
    What is kept is a line of a settlement, once. `leases.services.deposits` is the door, of what is
    kept `leases.services.settlements`.
    """

    lease = models.ForeignKey(
        Lease, models.PROTECT, related_name="deposit_entries", verbose_name=_("lease")
    )
    act = models.CharField(_("act"), max_length=8, choices=DepositAct)
    amount = MoneyField(_("amount"))
    on = models.DateField(_("on"))
    method = models.CharField(_("method"), max_length=8, choices=DepositMethod, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    reverses = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        related_name="reversed_by",
        verbose_name=_("takes back"),
    )
    line = models.OneToOneField(
        SettlementLine,
        models.PROTECT,
        null=True,
        related_name="entry",
        verbose_name=_("line of a deposit settlement"),
    )
    made_at = models.DateTimeField(_("entered"), auto_now_add=True)
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = DepositEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of a deposit")
        verbose_name_plural = _("entries of deposits")
        ordering = ["lease", "on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="leases_depositentry_amount"),
            models.CheckConstraint(
                condition=~Q(note="") | Q(act=DepositAct.RECEIVED, reverses__isnull=True),
                name="leases_depositentry_says_why",
            ),
            models.CheckConstraint(
                condition=Q(line__isnull=True) ^ Q(act=DepositAct.KEPT, reverses__isnull=True),
                name="leases_depositentry_kept_by_a_settlement",
            ),
            models.CheckConstraint(
                condition=Q(act=DepositAct.KEPT) ^ ~Q(method=""),
                name="leases_depositentry_method",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.amount}"
