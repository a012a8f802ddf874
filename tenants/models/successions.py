"""Companies that go on with what another one was."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from tenants.models.companies import Company
from tenants.querysets import SuccessionQuerySet


@tracked()
class Succession(models.Model):
    """That a company goes on for another (fusion, reprise): the other's stay is continued in it.

    Of two hosted companies that become one, one is continued and the other leaves: a company
    succeeds one other at most, and is succeeded by one. `services.successions` is the door.
    """

    predecessor = models.OneToOneField(
        Company, models.CASCADE, related_name="succeeded_by", verbose_name=_("predecessor")
    )
    company = models.OneToOneField(
        Company, models.CASCADE, related_name="succeeds", verbose_name=_("company")
    )
    # Who goes on at the end of the line: another one may have succeeded the company.
    now = models.ForeignKey(
        Company, models.CASCADE, related_name="line", verbose_name=_("continued by")
    )
    since = models.DateField(_("since"))

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        constraints = [
            models.CheckConstraint(
                condition=~Q(company=F("predecessor")), name="tenants_succession_of_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.company_id}"
