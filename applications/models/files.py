"""The file of an application, and the trail of the steps it took."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from applications.labels import ApplicantKind, ApplicationState, ApplicationStep
from applications.querysets import (
    ApplicationQuerySet,
    StageTargetQuerySet,
    TransitionQuerySet,
)
from applications.workflow import HAS_TARGET, State
from core.fields import PERSONAL, AreaField
from core.history import tracked, tracked_link
from core.languages import Language
from sites.models import Site
from tenants.choices import LegalForm
from tenants.models import Company, Sector

STAGES = [(state.value, ApplicationState(state).label) for state in HAS_TARGET]


@tracked()
class Application(models.Model):
    """A request to be hosted at one site.

    Its state changes only through `applications.services`, one service per step of
    `workflow.TRANSITIONS`.
    """

    # Network-wide, survives a transfer, may have gaps: no fiscal number.
    reference = models.CharField(_("reference"), max_length=20, unique=True)
    site = models.ForeignKey(Site, models.PROTECT, verbose_name=_("site"))
    state = models.CharField(
        _("state"), max_length=16, choices=ApplicationState, default=ApplicationState.SUBMITTED
    )
    # The person who signs in with the e-mail below; made at the first sign-in by code.
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("applicant"),
    )
    company = models.ForeignKey(
        Company,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("company"),
    )
    applicant_kind = models.CharField(_("who applies"), max_length=16, choices=ApplicantKind)
    name = models.CharField(_("name of the company or project"), max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    legal_form = models.CharField(
        _("legal form"), max_length=8, choices=LegalForm, default=LegalForm.NONE
    )
    ice = models.CharField("ICE", max_length=15, blank=True)
    sectors = models.ManyToManyField(Sector, blank=True, verbose_name=_("sectors"))
    website = models.URLField(_("website"), blank=True)
    project = models.TextField(_("the project"), max_length=20_000)
    team = models.TextField(_("the team"), max_length=20_000, blank=True)
    team_size = models.PositiveSmallIntegerField(_("people in the team"))
    wanted_m2 = AreaField(_("wanted area, m²"))
    wanted_start = models.DateField(_("wanted start"))
    contact_name = models.CharField(_("contact"), max_length=150, db_comment=PERSONAL)
    contact_email = models.EmailField(_("e-mail"), db_comment=PERSONAL)
    contact_phone = PhoneNumberField(_("phone"), db_comment=PERSONAL)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    # Law 09-08: which text was agreed to, and when.
    consent_version = models.CharField(_("consent text"), max_length=20)
    consent_at = models.DateTimeField(_("consent given"))
    submitted_at = models.DateTimeField(_("received"))
    state_since = models.DateTimeField(_("in this state since"))
    # The clock of the stage: when staff should have done with it. While the applicant is awaited
    # it stands still, and `time_left` keeps what remained.
    due_at = models.DateTimeField(_("due"), null=True, editable=False)
    time_left = models.DurationField(_("time left"), null=True, editable=False)
    # Marked as a duplicate: of which file.
    original = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="duplicates",
        verbose_name=_("original"),
    )
    # How many versions of the answers there are; the columns above are the last.
    revision = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    # Guards the public form against a double click: the form carries it, the second is the first.
    submission_key = models.UUIDField(unique=True, editable=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-submitted_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(wanted_m2__gt=0), name="applications_application_wanted_m2"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ApplicationState.values),
                name="applications_application_state",
            ),
            models.CheckConstraint(
                condition=Q(original__isnull=False) | ~Q(state=State.DUPLICATE),
                name="applications_application_duplicate_of",
            ),
        ]
        indexes = [
            models.Index(fields=["site", "state", "-submitted_at"], name="applications_board"),
            models.Index(fields=["contact_email"], name="applications_email"),
            models.Index(
                fields=["due_at"], name="applications_due", condition=Q(due_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} · {self.name}"


@tracked_link
class ApplicationSector(Application.sectors.through):  # type: ignore[name-defined,misc]
    class Meta:
        proxy = True
        verbose_name = _("sector")


class Transition(models.Model):
    """One step taken: the trail. Insert-only, by trigger and by rights."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="transitions", verbose_name=_("application")
    )
    step = models.CharField(_("step"), max_length=24, choices=ApplicationStep)
    source = models.CharField(_("from"), max_length=16, choices=ApplicationState, blank=True)
    target = models.CharField(_("to"), max_length=16, choices=ApplicationState)
    at = models.DateTimeField(_("at"))
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    reason = models.TextField(_("reason"), blank=True)

    objects = TransitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["application", "id"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.source} → {self.target}"


@tracked()
class StageTarget(models.Model):
    """How many days staff may take over a stage, at a site or elsewhere (empty)."""

    site = models.ForeignKey(
        Site,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("site"),
        help_text=_("Empty: every site that has no target of its own."),
    )
    stage = models.CharField(_("stage"), max_length=16, choices=STAGES)
    days = models.PositiveSmallIntegerField(_("days"), validators=[MinValueValidator(1)])

    objects = StageTargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target time")
        verbose_name_plural = _("target times")
        ordering = ["stage", F("site").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "stage"],
                name="applications_stagetarget_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(days__gte=1), name="applications_stagetarget_days"),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} · {self.site.code if self.site else _('network')}"
