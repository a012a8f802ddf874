"""A company's account with a lessor (compte client), and what is agreed for it alone."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.choices import WithholdingKind
from billing.querysets import AccountQuerySet, WithholdingRuleQuerySet
from core.fields import PeriodField, real_period
from core.history import tracked
from sites.models import Lessor
from tenants.models import Company


class Account(models.Model):
    """One for a company and a lessor, from its first invoice or payment on.

    It has no balance: that is always the sum of what is issued and paid. It is what is locked while
    money is shared among invoices (`billing.services.accounts.locked`).
    """

    lessor = models.ForeignKey(Lessor, models.PROTECT, related_name="+", verbose_name=_("lessor"))
    company = models.ForeignKey(
        Company, models.PROTECT, related_name="accounts", verbose_name=_("company")
    )

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("tenant account")
        verbose_name_plural = _("tenant accounts")
        ordering = ["company", "lessor"]
        constraints = [
            models.UniqueConstraint(fields=["lessor", "company"], name="billing_account_once"),
        ]

    def __str__(self) -> str:
        return f"{self.company} · {self.lessor}"


@tracked()
class WithholdingRule(models.Model):
    """That a company keeps back a part of what it pays, and hands over a certificate, dated.

    On rent: a percentage of the charges marked as rent, without VAT (5 % since 2026-07-01, Finance
    law 2026); of VAT: a percentage of the VAT. The rate is that of the day of payment.
    `billing.services.withholding` is the door.
    """

    company = models.ForeignKey(
        Company, models.CASCADE, related_name="withholding_rules", verbose_name=_("company")
    )
    kind = models.CharField(_("kind"), max_length=4, choices=WithholdingKind)
    period = PeriodField(_("in force"))
    rate = models.DecimalField(_("rate, %"), max_digits=5, decimal_places=2)

    objects = WithholdingRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("withholding rule")
        verbose_name_plural = _("withholding rules")
        ordering = ["company", "kind", "period"]
        constraints = [
            real_period("billing_withholdingrule_period"),
            ExclusionConstraint(
                name="billing_withholdingrule_one_at_a_time",
                expressions=[
                    ("company", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(rate__gt=0, rate__lte=100), name="billing_withholdingrule_rate"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} · {self.get_kind_display()} · {self.rate} %"
