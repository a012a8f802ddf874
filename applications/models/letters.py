"""The letters that carry an outcome: their words, and the letter of one file."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.labels import LetterKind, LetterState
from applications.models.decisions import Decision
from applications.models.files import Application
from applications.placeholders import known
from applications.querysets import LetterQuerySet, LetterTemplateQuerySet
from core.fields import PERSONAL
from core.history import tracked
from core.languages import Language
from core.models import Message
from core.placeholders import unknown
from sites.models import Site


@tracked()
class LetterTemplate(models.Model):
    """The words of a kind of letter in one language, at a site or elsewhere (empty).

    `{reference}` and the like stand for what is filled in; unknown ones are refused when it is
    saved. Where there is none, the product's own words are used.
    """

    kind = models.CharField(pgettext_lazy("kind", "letter"), max_length=24, choices=LetterKind)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    site = models.ForeignKey(
        Site,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("site"),
        help_text=_("Empty: every site that has no words of its own."),
    )
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"), max_length=20_000)

    objects = LetterTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("words of a letter")
        verbose_name_plural = _("words of letters")
        ordering = ["kind", "language", "site"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "language", "site"],
                name="applications_lettertemplate_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.get_language_display()}"

    def clean(self) -> None:
        """Every word in braces means something in this kind of letter."""
        if self.kind not in LetterKind.values:
            return
        errors = {}
        for name in ("subject", "body"):
            if found := unknown(getattr(self, name), known(self.kind)):
                errors[name] = ValidationError(
                    _("Nothing is filled in for %(unknown)s. This letter knows: %(known)s."),
                    params={
                        "unknown": " ".join(found),
                        "known": " ".join(f"{{{word}}}" for word in known(self.kind)),
                    },
                )
        if errors:
            raise ValidationError(errors)


@tracked()
class Letter(models.Model):
    """The letter of a file: written from a template, approved, sent when the outcome is published.

    One is current (to approve, or approved) on a file at a time; a newer one supersedes it.
    Written by `services.letters`.
    """

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="letters", verbose_name=_("application")
    )
    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        related_name="letters",
        verbose_name=_("decision"),
    )
    kind = models.CharField(pgettext_lazy("kind", "letter"), max_length=24, choices=LetterKind)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    subject = models.CharField(_("subject"), max_length=300, db_comment=PERSONAL)
    body = models.TextField(_("text"), max_length=20_000, db_comment=PERSONAL)
    state = models.CharField(
        _("state"), max_length=10, choices=LetterState, default=LetterState.DRAFT
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("written by"),
    )
    written_at = models.DateTimeField(_("written"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(pgettext_lazy("date", "approved"), null=True)
    message = models.OneToOneField(
        Message, models.PROTECT, null=True, related_name="+", verbose_name=_("message")
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                name="applications_letter_one_current",
                condition=Q(state__in=[LetterState.DRAFT, LetterState.APPROVED]),
            ),
            models.CheckConstraint(
                condition=~Q(state=LetterState.APPROVED) | Q(approved_at__isnull=False),
                name="applications_letter_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state=LetterState.SENT) | Q(message__isnull=False),
                name="applications_letter_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application.reference} · {self.get_kind_display()}"
