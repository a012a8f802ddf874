"""Opinions on a file, and who may have one."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.labels import Outcome, ReviewState
from applications.models.calls import Criterion
from applications.models.files import Application
from applications.querysets import DeclarationQuerySet, ReviewQuerySet, ScoreQuerySet
from core.fields import PERSONAL
from core.history import tracked


@tracked()
class Declaration(models.Model):
    """What somebody says of their interests in a file, before it opens to them.

    A conflict takes the file out of the person's sight whatever their role: reading, scoring,
    voting, exports (`ApplicationQuerySet.visible_to`). Written by `services.conflicts`.
    """

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="declarations", verbose_name=_("application")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who")
    )
    conflicted = models.BooleanField(_("conflict of interest"))
    words = models.TextField(_("explanation"), max_length=2000, blank=True, db_comment=PERSONAL)
    declared_at = models.DateTimeField(_("declared"))

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = _("declaration of interests")
        verbose_name_plural = _("declarations of interests")
        ordering = ["application", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "application"], name="applications_declaration_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} · {self.user_id}"


@tracked()
class Review(models.Model):
    """A reviewer's task on a file, and what came of it. Written by `services.reviews`."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="reviews", verbose_name=_("application")
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="reviews",
        verbose_name=_("reviewer"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ReviewState, default=ReviewState.ASSIGNED
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("assigned by"),
    )
    assigned_at = models.DateTimeField(_("assigned"))
    due_on = models.DateField(pgettext_lazy("deadline", "due"))
    reminded_on = models.DateField(_("last reminder"), null=True)
    # The version of the answers that was read; older than the file's: "on an earlier version".
    revision = models.PositiveSmallIntegerField(_("version read"), null=True)
    recommendation = models.CharField(
        _("recommendation"), max_length=24, choices=Outcome, blank=True
    )
    comment = models.TextField(_("comment"), max_length=20_000, blank=True, db_comment=PERSONAL)
    submitted_at = models.DateTimeField(pgettext_lazy("date", "scored"), null=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["application", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "reviewer"], name="applications_review_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=ReviewState.SUBMITTED)
                | Q(submitted_at__isnull=False, revision__isnull=False),
                name="applications_review_submitted",
            ),
        ]
        indexes = [
            models.Index(fields=["reviewer", "state", "due_on"], name="applications_review_todo"),
            models.Index(
                fields=["due_on"],
                name="applications_review_due",
                condition=Q(state__in=[ReviewState.ASSIGNED, ReviewState.OPEN]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} · {self.reviewer_id}"


@tracked()
class Score(models.Model):
    """The points that one reviewer gives for one criterion."""

    review = models.ForeignKey(
        Review, models.CASCADE, related_name="scores", verbose_name=_("review")
    )
    criterion = models.ForeignKey(
        Criterion, models.PROTECT, related_name="+", verbose_name=_("criterion")
    )
    points = models.PositiveSmallIntegerField(_("points"))
    words = models.TextField(_("comment"), max_length=5000, blank=True, db_comment=PERSONAL)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering = ["review", "id"]
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="applications_score_once")
        ]

    def __str__(self) -> str:
        return f"{self.review_id} · {self.points}"
