"""What is said about a file, and who has read it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.labels import Visibility
from applications.models.files import Application
from applications.querysets import ReadingQuerySet, RemarkQuerySet
from core.fields import PERSONAL


class Remark(models.Model):
    """Something said: to the applicant or by them, to the reviewers, or among staff. Insert-only.

    Written by `services.conversation`.
    """

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="remarks", verbose_name=_("application")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
        db_comment=PERSONAL,
    )
    # Whoever writes as the applicant is not told by letter of their own words.
    by_applicant = models.BooleanField(_("by the applicant"), default=False)
    visibility = models.CharField(_("visible to"), max_length=10, choices=Visibility)
    # Staff found that the applicant's last word wants no answer: says nothing else.
    settles = models.BooleanField(_("no answer needed"), default=False)
    body = models.TextField(_("text"), max_length=20_000, db_comment=PERSONAL)
    at = models.DateTimeField(_("at"))

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("conversation")
        ordering = ["application", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(settles=False) | Q(visibility=Visibility.STAFF, body=""),
                name="applications_remark_settles",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} · {self.at:%Y-%m-%d %H:%M}"

    @property
    def takes_turn(self) -> bool:
        """As `RemarkQuerySet.in_turn`."""
        return self.settles or self.visibility == Visibility.APPLICANT


class Reading(models.Model):
    """Somebody on staff, or a reviewer, opened a file: once an hour at the most. Insert-only."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="readings", verbose_name=_("application")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who")
    )
    at = models.DateTimeField(_("at"))

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["application", "user", "-at"], name="applications_reading_last")
        ]

    def __str__(self) -> str:
        return f"{self.application_id} · {self.user_id}"
