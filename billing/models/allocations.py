"""What settles which invoice; what is doubtful; what was given up."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.choices import WriteOffState
from billing.models.invoices import Invoice
from billing.models.payments import Payment
from billing.querysets import AllocationQuerySet, DoubtfulQuerySet, WriteOffQuerySet
from core.fields import MoneyField
from core.history import tracked


@tracked()
class Doubtful(models.Model):
    """That nobody counts on an invoice being paid (créance douteuse), until lifted."""

    invoice = models.ForeignKey(
        Invoice, models.PROTECT, related_name="doubts", verbose_name=_("invoice")
    )
    since = models.DateField(_("since"))
    lifted_on = models.DateField(_("lifted on"), null=True)
    reason = models.CharField(_("reason"), max_length=300)
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = DoubtfulQuerySet.as_manager()

    class Meta:
        verbose_name = _("doubtful invoice")
        verbose_name_plural = _("doubtful invoices")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["invoice"], condition=Q(lifted_on=None), name="billing_doubtful_one_open"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="billing_doubtful_reason"),
        ]

    def __str__(self) -> str:
        return str(self.invoice)


@tracked()
class WriteOff(models.Model):
    """A claim that is given up (abandon de créance): one person asks, another approves."""

    invoice = models.ForeignKey(
        Invoice, models.PROTECT, related_name="write_offs", verbose_name=_("invoice")
    )
    amount = MoneyField(_("amount"))
    reason = models.CharField(_("reason"), max_length=300)
    state = models.CharField(
        _("state"), max_length=8, choices=WriteOffState, default=WriteOffState.ASKED
    )
    asked_at = models.DateTimeField(_("asked for"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    decided_on = models.DateField(_("decided on"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )

    objects = WriteOffQuerySet.as_manager()

    class Meta:
        verbose_name = _("write-off")
        verbose_name_plural = _("write-offs")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0) & ~Q(reason=""), name="billing_writeoff_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state=WriteOffState.ASKED, decided_by=None, decided_on=None)
                | (
                    ~Q(state=WriteOffState.ASKED)
                    & Q(decided_by__isnull=False, decided_on__isnull=False)
                    & ~Q(decided_by=F("asked_by"))
                ),
                name="billing_writeoff_by_two",
            ),
            models.UniqueConstraint(
                fields=["invoice"],
                condition=Q(state=WriteOffState.ASKED),
                name="billing_writeoff_one_asked",
            ),
        ]

    def __str__(self) -> str:
        return str(self.invoice)


class Allocation(models.Model):
    """That much of a payment, a credit note or a write-off settles an invoice. Insert-only.

    Taken back by a row of less than nothing. `on`: the day from which on it counts. Triggers hold
    that an invoice is never settled by more than it is, that nothing gives more than it has, and
    that all are of one company and lessor. `billing.services.allocating` is the door.
    """

    invoice = models.ForeignKey(
        Invoice, models.PROTECT, related_name="allocations", verbose_name=_("invoice")
    )
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, related_name="allocations", verbose_name=_("payment")
    )
    credit_note = models.ForeignKey(
        Invoice,
        models.PROTECT,
        null=True,
        related_name="given_to",
        verbose_name=_("credit note"),
    )
    write_off = models.ForeignKey(
        WriteOff, models.PROTECT, null=True, related_name="allocations", verbose_name=_("write-off")
    )
    amount = MoneyField(_("amount"))
    on = models.DateField(_("on"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("entered"))
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = AllocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="billing_allocation_amount"),
            models.CheckConstraint(
                condition=Q(payment__isnull=False, credit_note__isnull=True, write_off__isnull=True)
                | Q(payment__isnull=True, credit_note__isnull=False, write_off__isnull=True)
                | Q(payment__isnull=True, credit_note__isnull=True, write_off__isnull=False),
                name="billing_allocation_of_one",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0) | ~Q(reason=""), name="billing_allocation_undone_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} · {self.amount}"
