"""What the hub decided, and who found a file ineligible."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.labels import DeclineReason, IneligibleReason, Outcome
from applications.models.files import Application
from applications.querysets import DecisionQuerySet, IneligibilityQuerySet
from core.fields import PERSONAL
from core.history import tracked
from core.periods import today

ADMITTING = (Outcome.ADMIT, Outcome.ADMIT_WITH_CONDITIONS)


@tracked()
class Decision(models.Model):
    """An outcome, apart from the file's state: the applicant learns it when it is published.

    Written by `services.decisions`. A trigger lets only its publication and its end be added:
    a decision that changes is a new one, and the old one is superseded.
    """

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="decisions", verbose_name=_("application")
    )
    outcome = models.CharField(_("outcome"), max_length=24, choices=Outcome)
    # Of a refusal, in the letter's order.
    reasons = ArrayField(
        models.CharField(max_length=20, choices=DeclineReason),
        verbose_name=_("reasons"),
        default=list,
        blank=True,
    )
    conditions = models.TextField(_("conditions"), blank=True, max_length=5000, db_comment=PERSONAL)
    # For staff: never shown to the applicant.
    note = models.TextField(_("note"), blank=True, max_length=5000, db_comment=PERSONAL)
    # The end of a place on the waiting list; the day on which a deferred file comes back.
    until = models.DateField(_("until"), null=True, blank=True)
    decided_at = models.DateTimeField(pgettext_lazy("date", "decided"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    published_at = models.DateTimeField(pgettext_lazy("date", "published"), null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("published by"),
    )
    superseded_at = models.DateTimeField(pgettext_lazy("date", "superseded"), null=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                name="applications_decision_one_in_force",
                condition=Q(superseded_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.REFUSE) | ~Q(reasons=[]),
                name="applications_decision_refusal_has_reason",
            ),
            models.CheckConstraint(
                # Asked when it is taken; anonymised later, it says no more that there were some.
                condition=~Q(outcome=Outcome.ADMIT_WITH_CONDITIONS)
                | ~Q(conditions="")
                | Q(published_at__isnull=False)
                | Q(superseded_at__isnull=False),
                name="applications_decision_conditions",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=[Outcome.WAITLIST, Outcome.DEFER]) | Q(until__isnull=True),
                name="applications_decision_until",
            ),
        ]
        indexes = [
            models.Index(
                fields=["until"],
                name="applications_decision_ends",
                condition=Q(superseded_at__isnull=True, until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} · {self.get_outcome_display()}"

    @property
    def admits(self) -> bool:
        return self.outcome in ADMITTING

    @property
    def reason_labels(self) -> list[str]:
        return [str(DeclineReason(reason).label) for reason in self.reasons]

    @property
    def ran_out(self) -> bool:
        """Whether the last day of its place, or of its deferral, is over."""
        return self.until is not None and self.until < today()


@tracked()
class Ineligibility(models.Model):
    """Somebody found a file ineligible; a second person confirms it or takes it back.

    Written by `services.screening`.
    """

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="ineligibilities", verbose_name=_("application")
    )
    reason_code = models.CharField(_("reason"), max_length=20, choices=IneligibleReason)
    words = models.TextField(_("explanation"), max_length=2000, db_comment=PERSONAL)
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("found by"),
    )
    found_at = models.DateTimeField(pgettext_lazy("date", "found"))
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("settled by"),
    )
    settled_at = models.DateTimeField(_("settled"), null=True)
    confirmed = models.BooleanField(_("confirmed"), null=True)

    objects = IneligibilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding of ineligibility")
        verbose_name_plural = _("findings of ineligibility")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                name="applications_ineligibility_one_open",
                condition=Q(settled_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(confirmed__isnull=True, settled_at__isnull=True)
                | Q(confirmed__isnull=False, settled_at__isnull=False),
                name="applications_ineligibility_settled",
            ),
            models.CheckConstraint(
                # Four eyes; whoever takes it back may be the one who found it.
                condition=~Q(confirmed=True) | ~Q(settled_by=F("found_by")),
                name="applications_ineligibility_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} · {self.get_reason_code_display()}"
