"""How long a file is kept, and what keeps it longer (law 09-08)."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.labels import ApplicationState
from applications.models.files import Application
from applications.querysets import LegalHoldQuerySet, RetentionRuleQuerySet
from applications.workflow import ENDS
from core.fields import PERSONAL
from core.history import tracked

_ENDS = [(state.value, ApplicationState(state).label) for state in sorted(ENDS)]


@tracked()
class RetentionRule(models.Model):
    """How many days after such an end a file is anonymised. No rule: it is kept."""

    state = models.CharField(_("end"), max_length=16, choices=_ENDS, unique=True)
    days = models.PositiveSmallIntegerField(_("days"), validators=[MinValueValidator(1)])

    objects = RetentionRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("retention time")
        verbose_name_plural = _("retention times")
        ordering = ["state"]
        constraints = [
            models.CheckConstraint(condition=Q(days__gte=1), name="applications_retentionrule_days")
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} · {self.days}"


@tracked()
class LegalHold(models.Model):
    """A reason not to anonymise a file: a dispute, a request of the authorities."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="legal_holds", verbose_name=_("application")
    )
    reason = models.TextField(_("reason"), max_length=2000, db_comment=PERSONAL)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("placed by"),
    )
    placed_at = models.DateTimeField(_("since"))
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("lifted by"),
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                name="applications_legalhold_one",
                condition=Q(lifted_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} · {self.placed_at:%Y-%m-%d}"
