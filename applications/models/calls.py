"""What a hub invites people to apply with: texts, questions, documents asked for, the rubric."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from applications.labels import QuestionKind, Section, VersionState
from applications.querysets import (
    CallQuerySet,
    CallVersionQuerySet,
    CriterionQuerySet,
    QuestionQuerySet,
    WantedDocumentQuerySet,
)
from applications.questions import Kind, Rule
from core.fields import PeriodField, real_period
from core.history import tracked, tracked_link
from core.languages import Language
from sites.models import Site

KEY = RegexValidator(r"^[a-z][a-z0-9_]{0,39}\Z", _("Small letters, digits and _ only."))


def in_language(row: models.Model, name: str) -> str:
    """`name` in the language in force, else in French."""
    language = (get_language() or "fr")[:2]
    return str(getattr(row, f"{name}_{language}", "") or getattr(row, f"{name}_fr"))


@tracked()
class Call(models.Model):
    """An invitation to apply at some sites: standing (no last day) or over a period.

    Changed by `services.calls`. What applicants are asked stands in its versions.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_fr = models.CharField(_("name in French"), max_length=150)
    name_ar = models.CharField(_("name in Arabic"), max_length=150, blank=True)
    name_en = models.CharField(_("name in English"), max_length=150, blank=True)
    sites = models.ManyToManyField(Site, verbose_name=_("sites"))
    period = PeriodField(pgettext_lazy("period", "open"))
    languages = ArrayField(
        models.CharField(max_length=2, choices=Language), verbose_name=_("languages")
    )

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call for applications")
        verbose_name_plural = _("calls for applications")
        ordering = ["code"]
        constraints = [
            real_period("applications_call_period"),
            models.CheckConstraint(
                condition=~Q(languages=[]), name="applications_call_has_a_language"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self, "name")


@tracked_link
class CallSite(Call.sites.through):  # type: ignore[name-defined,misc]
    class Meta:
        proxy = True
        verbose_name = _("site")


@tracked()
class CallVersion(models.Model):
    """What a call asks. A draft is composed freely; in use it is frozen, and a change is the next
    version: whoever began under one finishes under it. Changed by `services.calls`; a trigger
    keeps versions in use, and what hangs on them, as they are.
    """

    call = models.ForeignKey(
        Call, models.CASCADE, related_name="versions", verbose_name=_("call for applications")
    )
    number = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(
        _("state"), max_length=8, choices=VersionState, default=VersionState.DRAFT
    )
    in_use_since = models.DateTimeField(_("in use since"), null=True, editable=False)
    text_fr = models.TextField(_("text in French"), max_length=20_000, blank=True)
    text_ar = models.TextField(_("text in Arabic"), max_length=20_000, blank=True)
    text_en = models.TextField(_("text in English"), max_length=20_000, blank=True)

    objects = CallVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a call")
        verbose_name_plural = _("versions of a call")
        ordering = ["call", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "number"], name="applications_callversion_number"
            ),
            *(
                models.UniqueConstraint(
                    fields=["call"],
                    name=f"applications_callversion_one_{state}",
                    condition=Q(state=state),
                )
                for state in (VersionState.DRAFT.value, VersionState.IN_USE.value)
            ),
            models.CheckConstraint(
                condition=Q(state=VersionState.DRAFT, in_use_since__isnull=True)
                | (~Q(state=VersionState.DRAFT) & Q(in_use_since__isnull=False)),
                name="applications_callversion_in_use_since",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call} · {self.number}"

    @property
    def text(self) -> str:
        return in_language(self, "text")


class Asked(models.Model):
    """Something that a version asks for, under a key, with its words in three languages."""

    key = models.CharField(_("key"), max_length=40, validators=[KEY])
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    label_fr = models.CharField(_("label in French"), max_length=300)
    label_ar = models.CharField(_("label in Arabic"), max_length=300, blank=True)
    label_en = models.CharField(_("label in English"), max_length=300, blank=True)
    help_fr = models.CharField(_("help in French"), max_length=500, blank=True)
    help_ar = models.CharField(_("help in Arabic"), max_length=500, blank=True)
    help_en = models.CharField(_("help in English"), max_length=500, blank=True)

    class Meta:
        abstract = True
        ordering = ["version", "position", "id"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_language(self, "label")

    @property
    def help(self) -> str:
        return in_language(self, "help")


@tracked()
class Question(Asked):
    """A question beside those that every application answers."""

    version = models.ForeignKey(
        CallVersion, models.CASCADE, related_name="questions", verbose_name=_("version")
    )
    section = models.CharField(
        _("chapter"), max_length=10, choices=Section, default=Section.PROJECT
    )
    kind = models.CharField(_("kind"), max_length=10, choices=QuestionKind)
    required = models.BooleanField(_("required"), default=False)
    # [{"value": key, "fr": label, "ar": label, "en": label}], of a choice or choices
    choices = models.JSONField(_("choices"), default=list, blank=True)
    # The key of an earlier question, and the values of its answer that show this one.
    shown_if = models.CharField(_("shown if"), max_length=40, blank=True)
    shown_if_values = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("shown for the answers"),
        default=list,
        blank=True,
    )
    # Of a choice: the answers with which one may apply; empty asks nothing of the answer.
    eligible_values = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("eligible answers"),
        default=list,
        blank=True,
    )

    objects = QuestionQuerySet.as_manager()

    class Meta(Asked.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="applications_question_key"),
            models.CheckConstraint(
                condition=~Q(kind__in=[QuestionKind.CHOICE, QuestionKind.CHOICES]) | ~Q(choices=[]),
                name="applications_question_choices",
            ),
            models.CheckConstraint(
                condition=Q(eligible_values=[]) | Q(kind=QuestionKind.CHOICE),
                name="applications_question_eligible",
            ),
        ]

    @property
    def rule(self) -> Rule:
        return Rule(
            key=self.key,
            kind=Kind(self.kind),
            required=self.required,
            values=tuple(choice["value"] for choice in self.choices),
            shown_if=self.shown_if,
            shown_if_values=frozenset(self.shown_if_values),
            eligible_values=frozenset(self.eligible_values),
        )

    @property
    def options(self) -> list[tuple[str, str]]:
        """The values of a choice with their labels in the language in force."""
        language = (get_language() or "fr")[:2]
        return [(choice["value"], choice.get(language) or choice["fr"]) for choice in self.choices]


@tracked()
class WantedDocument(Asked):
    """A document that the applicant uploads."""

    version = models.ForeignKey(
        CallVersion, models.CASCADE, related_name="documents", verbose_name=_("version")
    )
    required = models.BooleanField(_("required"), default=True)
    most = models.PositiveSmallIntegerField(
        _("files at the most"), default=1, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )

    objects = WantedDocumentQuerySet.as_manager()

    class Meta(Asked.Meta):
        verbose_name = _("document asked for")
        verbose_name_plural = _("documents asked for")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "key"], name="applications_wanteddocument_key"
            )
        ]


@tracked()
class Criterion(Asked):
    """A line of the rubric: reviewers give 0 to `most` points, which count `weight` times."""

    version = models.ForeignKey(
        CallVersion, models.CASCADE, related_name="criteria", verbose_name=_("version")
    )
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=1, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    most = models.PositiveSmallIntegerField(
        _("most points"), default=5, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    # {"0": {"fr": …, "ar": …, "en": …}, …}: what a number of points stands for
    scale = models.JSONField(_("scale in words"), default=dict, blank=True)

    objects = CriterionQuerySet.as_manager()

    class Meta(Asked.Meta):
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="applications_criterion_key"),
            models.CheckConstraint(
                condition=Q(weight__gte=1, most__gte=1), name="applications_criterion_counts"
            ),
        ]
