"""Applications: who wants to come in, what was answered, what was offered."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from applications.labels import ApplicantKind, ApplicationState, ApplicationStep, DeclineReason
from applications.querysets import ApplicationQuerySet, OfferQuerySet, TransitionQuerySet
from core.fields import PERSONAL, AreaField, MoneyField, PeriodField, real_period
from core.history import tracked, tracked_link
from core.languages import Language
from core.periods import last_day_before
from sites.choices import RateUnit, TenantKind
from sites.models import Booking, Site, Space
from tenants.choices import LegalForm
from tenants.models import Company, Sector


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
    decline_reason = models.CharField(
        _("reason of the refusal"), max_length=20, choices=DeclineReason, blank=True
    )
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
        ]
        indexes = [
            models.Index(fields=["site", "state", "-submitted_at"], name="applications_board"),
            models.Index(fields=["contact_email"], name="applications_email"),
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
    step = models.CharField(_("step"), max_length=16, choices=ApplicationStep)
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


class OfferState(models.TextChoices):
    OPEN = "open", _("open")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    EXPIRED = "expired", _("expired")
    CANCELLED = "cancelled", _("cancelled")


@tracked()
class Offer(models.Model):
    """What the hub offers: a space held, at terms that are frozen once written.

    Made by `applications.services.offers.make_offer`. A trigger lets only the state, the answer's
    time and the booking's end of life change.
    """

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="offers", verbose_name=_("application")
    )
    # Null once the hold has gone: run out, released.
    booking = models.OneToOneField(
        Booking, models.SET_NULL, null=True, related_name="offer", verbose_name=_("hold")
    )
    # Domiciliation needs no space.
    space = models.ForeignKey(Space, models.PROTECT, null=True, verbose_name=_("space"))
    tenant_kind = models.CharField(_("kind of tenant"), max_length=16, choices=TenantKind)
    period = PeriodField(_("lease"))
    area_m2 = AreaField(_("area, m²"), null=True)
    unit = models.CharField(_("unit"), max_length=8, choices=RateUnit)
    # [{"start": ISO day, "end": ISO day excluded or null, "rate": decimal string}]
    steps = models.JSONField(_("rent steps"))
    monthly_rent = MoneyField(_("first monthly rent, excl. tax"))
    deposit = MoneyField(_("deposit"))
    expires_at = models.DateTimeField(_("open until"))
    state = models.CharField(_("state"), max_length=10, choices=OfferState, default=OfferState.OPEN)
    answered_at = models.DateTimeField(_("answered"), null=True)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["-id"]
        constraints = [
            real_period("applications_offer_period"),
            models.UniqueConstraint(
                fields=["application"],
                name="applications_offer_one_open",
                condition=Q(state__in=[OfferState.OPEN, OfferState.ACCEPTED]),
            ),
            models.CheckConstraint(
                condition=Q(space__isnull=True, area_m2__isnull=True)
                | Q(space__isnull=False, area_m2__isnull=False),
                name="applications_offer_space_has_area",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"],
                name="applications_offer_expiry",
                condition=Q(state=OfferState.OPEN),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} · {self.space_id}"

    @property
    def open_until(self) -> dt.date:
        """The last day on which it can be accepted."""
        return last_day_before(self.expires_at)
