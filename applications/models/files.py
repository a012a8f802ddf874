"""The file of an application, and the trail of the steps it took."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from phonenumber_field.modelfields import PhoneNumberField

from applications.labels import ApplicantKind, ApplicationState, ApplicationStep, Channel
from applications.models.calls import CallVersion
from applications.querysets import (
    ApplicationQuerySet,
    DigestQuerySet,
    SearchEntryQuerySet,
    StageTargetQuerySet,
    TransitionQuerySet,
)
from applications.workflow import HAS_TARGET, NEVER_SENT, State
from core.fields import PERSONAL, AreaField
from core.history import tracked, tracked_link
from core.languages import Language
from sites.models import Site
from tenants.choices import LegalForm
from tenants.models import Company, Sector

STAGES = [(state.value, ApplicationState(state).label) for state in HAS_TARGET]


# What is typed into a draft is kept every other second: the history begins with what is sent.
@tracked(exclude=["typed", "typed_at"])
class Application(models.Model):
    """A request to be hosted at one site.

    Its state changes only through `applications.services`, one service per step of
    `workflow.TRANSITIONS`. Until it is sent, `typed` holds what the applicant has typed, good or
    not yet; the columns of the answers are filled when it is sent.
    """

    # Network-wide, survives a transfer, may have gaps: no fiscal number.
    reference = models.CharField(_("reference"), max_length=20, unique=True)
    site = models.ForeignKey(Site, models.PROTECT, verbose_name=_("site"))
    # While a transfer is under way: the site that would take the file sees it too.
    also_site = models.ForeignKey(
        Site,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("also seen by"),
    )
    # What was asked; none: the questions that every application answers, and no rubric.
    call_version = models.ForeignKey(
        CallVersion,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="applications",
        verbose_name=_("call for applications"),
    )
    channel = models.CharField(
        _("came by"), max_length=4, choices=Channel, default=Channel.WEB, editable=False
    )
    # Of an application that came by REST: whose program began it, and has it until it is sent.
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("begun by"),
    )
    # The same company seeks several sites: the application it made first.
    sister_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="sisters",
        verbose_name=_("made together with"),
    )
    state = models.CharField(
        _("state"), max_length=16, choices=ApplicationState, default=ApplicationState.SUBMITTED
    )
    # The person who signs in with the e-mail below, by a code; made with the draft.
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("applicant"),
        db_comment=PERSONAL,
    )
    company = models.ForeignKey(
        Company,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("company"),
        db_comment=PERSONAL,
    )
    applicant_kind = models.CharField(_("who applies"), max_length=16, choices=ApplicantKind)
    name = models.CharField(
        _("name of the company or project"), max_length=200, db_comment=PERSONAL
    )
    name_key = models.CharField(max_length=200, editable=False, db_comment=PERSONAL)
    legal_form = models.CharField(
        _("legal form"), max_length=8, choices=LegalForm, default=LegalForm.NONE
    )
    ice = models.CharField("ICE", max_length=15, blank=True, db_comment=PERSONAL)
    sectors = models.ManyToManyField(Sector, blank=True, verbose_name=_("sectors"))
    website = models.URLField(_("website"), blank=True, db_comment=PERSONAL)
    project = models.TextField(_("the project"), max_length=20_000, db_comment=PERSONAL)
    team = models.TextField(_("the team"), max_length=20_000, blank=True, db_comment=PERSONAL)
    team_size = models.PositiveSmallIntegerField(_("people in the team"))
    wanted_m2 = AreaField(_("wanted area, m²"))
    wanted_start = models.DateField(_("wanted start"))
    contact_name = models.CharField(_("contact"), max_length=150, db_comment=PERSONAL)
    contact_email = models.EmailField(_("e-mail"), db_comment=PERSONAL)
    contact_phone = PhoneNumberField(_("phone"), db_comment=PERSONAL)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    # Law 09-08: which text was agreed to, and when.
    consent_version = models.CharField(_("consent text"), max_length=20, blank=True)
    consent_at = models.DateTimeField(_("consent given"), null=True)
    # Answers to the call's own questions: {key: text, number, list of values or ISO day}.
    answers = models.JSONField(_("other answers"), null=True, editable=False, db_comment=PERSONAL)
    # A draft's fields as they were last typed, {name: text or list of texts}; none once sent.
    typed = models.JSONField(_("as typed"), null=True, editable=False, db_comment=PERSONAL)
    typed_at = models.DateTimeField(_("last typed"), null=True, editable=False)
    warned_at = models.DateTimeField(_("warned of expiry"), null=True, editable=False)
    submitted_at = models.DateTimeField(pgettext_lazy("date", "received"), null=True)
    state_since = models.DateTimeField(_("in this state since"))
    # The clock of the stage: when staff should have done with it. While the applicant is awaited
    # it stands still, and `time_left` keeps what remained.
    due_at = models.DateTimeField(pgettext_lazy("deadline", "due"), null=True, editable=False)
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
    # Guards against a double click, a request sent again: the second is the first.
    submission_key = models.UUIDField(unique=True, editable=False)
    # The day from which a file that has ended may be anonymised, by the rule of its end.
    retain_until = models.DateField(_("kept until"), null=True, editable=False)
    anonymised_at = models.DateTimeField(
        pgettext_lazy("date", "anonymised"), null=True, editable=False
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-submitted_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=NEVER_SENT) | Q(wanted_m2__gt=0),
                name="applications_application_wanted_m2",
            ),
            models.CheckConstraint(
                condition=Q(state__in=NEVER_SENT)
                | Q(submitted_at__isnull=False, consent_at__isnull=False),
                name="applications_application_sent",
            ),
            models.CheckConstraint(
                condition=Q(also_site__isnull=True) | ~Q(also_site=F("site")),
                name="applications_application_also_elsewhere",
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
            models.Index(fields=["site", "state", "-submitted_at"], name="applications_by_state"),
            # A column of the board is read off the index: its first cards, and how many there are.
            models.Index(
                fields=["state", "due_at", "state_since", "id"],
                include=["site", "also_site"],
                name="applications_board",
            ),
            models.Index(fields=["-submitted_at", "-id"], name="applications_newest"),
            models.Index(
                fields=["also_site"],
                name="applications_transferred",
                condition=Q(also_site__isnull=False),
            ),
            models.Index(
                fields=["typed_at"],
                name="applications_idle_drafts",
                condition=Q(state=State.DRAFT),
            ),
            models.Index(
                fields=["retain_until"],
                name="applications_to_anonymise",
                condition=Q(retain_until__isnull=False, anonymised_at__isnull=True),
            ),
            # What a file is asked for its look-alikes by.
            models.Index(fields=["contact_email"], name="applications_email"),
            models.Index(fields=["ice"], name="applications_ice", condition=~Q(ice="")),
            GinIndex(
                fields=["name_key"], name="applications_name_alike", opclasses=["gin_trgm_ops"]
            ),
            models.Index(
                fields=["due_at"], name="applications_due", condition=Q(due_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        name = _("anonymised") if self.anonymised_at is not None else self.name
        return f"{self.reference} · {name}"


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
    source = models.CharField(
        pgettext_lazy("state", "from"), max_length=16, choices=ApplicationState, blank=True
    )
    target = models.CharField(pgettext_lazy("state", "to"), max_length=16, choices=ApplicationState)
    at = models.DateTimeField(_("at"))
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    reason = models.TextField(_("reason"), blank=True, db_comment=PERSONAL)

    objects = TransitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["application", "id"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.source} → {self.target}"


class SearchEntry(models.Model):
    """What a file is found by: its answers as lexemes, French, Arabic and as they stand, accents
    folded. Written with the answers by `services.searching`; the file's rows are the truth.
    """

    application = models.OneToOneField(
        Application, models.CASCADE, related_name="search_entry", verbose_name=_("application")
    )
    lexemes = SearchVectorField(_("words"), null=True, db_comment=PERSONAL)

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        indexes = [GinIndex(fields=["lexemes"], name="applications_search")]

    def __str__(self) -> str:
        return str(self.application_id)


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


class Digest(models.Model):
    """Somebody's morning mail of a day was written: none is written twice. Insert-only."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("who")
    )
    day = models.DateField(_("day"))

    objects = DigestQuerySet.as_manager()

    class Meta:
        verbose_name = _("morning mail")
        verbose_name_plural = _("morning mails")
        ordering = ["-day", "user"]
        constraints = [
            models.UniqueConstraint(fields=["user", "day"], name="applications_digest_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.day}"
