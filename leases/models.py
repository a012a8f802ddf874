"""Leases, the spaces they let, and the rent steps that cover each letting."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.models import Application
from core.fields import AreaField, MoneyField, PeriodField, RateField, real_period
from core.history import tracked
from leases.choices import LeaseState, VersionAct
from leases.querysets import (
    LeaseQuerySet,
    LeaseVersionQuerySet,
    LettingQuerySet,
    RentStepQuerySet,
)
from sites.choices import RateUnit, TenantKind
from sites.models import Booking, Site, Space
from tenants.models import Company


@tracked()
class Lease(models.Model):
    """A lease (bail) between a lessor and a company at one site.

    States are human acts and change only through `leases.services`: draft → signed → active
    (keys handed over) → ended (keys back), or cancelled before it is active. No lease ends by
    itself: past its end without an exit it is holding over.
    """

    number = models.CharField(_("number"), max_length=30, unique=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="leases", verbose_name=_("site"))
    company = models.ForeignKey(
        Company, models.PROTECT, related_name="leases", verbose_name=_("company")
    )
    tenant_kind = models.CharField(_("kind of tenant"), max_length=16, choices=TenantKind)
    state = models.CharField(
        _("state"), max_length=10, choices=LeaseState, default=LeaseState.DRAFT
    )
    # The contractual term (durée); its end moves by renewal or amendment only.
    period = PeriodField(_("term"))
    # One application gives one lease, however often the offer is clicked.
    application = models.OneToOneField(
        Application,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lease",
        verbose_name=_("application"),
    )
    deposit_due = MoneyField(_("deposit due"), default=0)  # dépôt de garantie
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    handed_over_on = models.DateField(_("handed over on"), null=True, blank=True)
    # The last day the tenant was there (état des lieux de sortie).
    exit_on = models.DateField(_("last day"), null=True, blank=True)
    cancelled_at = models.DateTimeField(pgettext_lazy("date", "cancelled"), null=True, blank=True)
    end_reason = models.CharField(_("reason of the end"), max_length=300, blank=True)
    # Came from the old system: signed elsewhere, without handover or deposit here.
    imported = models.BooleanField(_("imported"), default=False, editable=False)
    created_at = models.DateTimeField(_("drafted"), auto_now_add=True)

    objects = LeaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("lease")
        verbose_name_plural = _("leases")
        ordering = ["-id"]
        constraints = [
            real_period("leases_lease_period"),
            models.CheckConstraint(
                condition=Q(state__in=LeaseState.values), name="leases_lease_state"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[LeaseState.DRAFT, LeaseState.CANCELLED])
                | Q(signed_on__isnull=False),
                name="leases_lease_signed_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=LeaseState.ENDED) | Q(exit_on__isnull=False),
                name="leases_lease_ended_has_a_last_day",
            ),
            models.CheckConstraint(
                condition=Q(exit_on__isnull=True) | Q(state=LeaseState.ENDED),
                name="leases_lease_only_the_ended_have_left",
            ),
            models.CheckConstraint(condition=Q(deposit_due__gte=0), name="leases_lease_deposit"),
        ]
        indexes = [
            models.Index(fields=["site", "state"], name="leases_lease_site_state"),
        ]

    def __str__(self) -> str:
        return self.number


@tracked()
class Letting(models.Model):
    """A space let under a lease over a period (location), with the m² agreed at signature.

    `period` is the time the tenant has the space: it follows the booking's (composite key) and
    grows while the lease is holding over. Rent steps cover it without gap or overlap (PERIOD
    foreign keys both ways, made in this app's first migration). No space: domiciliation.
    """

    lease = models.ForeignKey(
        Lease, models.PROTECT, related_name="lettings", verbose_name=_("lease")
    )
    space = models.ForeignKey(
        Space,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lettings",
        verbose_name=_("space"),
    )
    # A draft books nothing, unless an accepted offer's hold stands behind it.
    booking = models.OneToOneField(
        Booking,
        models.DO_NOTHING,
        null=True,
        blank=True,
        related_name="letting",
        verbose_name=_("booking"),
        db_constraint=False,  # the composite key (booking, space, period) is the stronger one
    )
    period = PeriodField(_("period"))
    area_m2 = AreaField(_("area, m²"), null=True, blank=True)

    objects = LettingQuerySet.as_manager()

    class Meta:
        verbose_name = _("letting")
        verbose_name_plural = _("lettings")
        ordering = ["lease", "id"]
        constraints = [
            real_period("leases_letting_period"),
            models.CheckConstraint(
                condition=Q(space__isnull=True, area_m2__isnull=True, booking__isnull=True)
                | Q(space__isnull=False, area_m2__gt=0),
                name="leases_letting_space_has_area",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lease_id} · {self.space_id} · {self.period}"


@tracked()
class RentStep(models.Model):
    """The rate of a letting over a period: DH per m² and month, or flat per month.

    Steps are changed by delete and insert only, inside a service: the database refuses a gap or
    an overlap.
    """

    letting = models.ForeignKey(
        Letting,
        models.CASCADE,
        related_name="steps",
        verbose_name=_("letting"),
        db_constraint=False,  # the PERIOD key holds it
    )
    period = PeriodField(_("period"))
    unit = models.CharField(_("unit"), max_length=8, choices=RateUnit, default=RateUnit.PER_M2)
    rate = RateField(_("rate, DH"))

    objects = RentStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("rent step")
        verbose_name_plural = _("rent steps")
        ordering = ["letting", "period"]
        constraints = [
            real_period("leases_rentstep_period"),
            models.CheckConstraint(condition=Q(rate__gte=0), name="leases_rentstep_rate"),
        ]

    def __str__(self) -> str:
        return f"{self.rate.normalize():f} DH ({self.period})"


class LeaseVersion(models.Model):
    """The terms as the rent engine read them, from one human act to the next. Insert-only.

    Version 1 is what was signed. `terms` holds the term, company, kind, deposit and each letting
    with its steps, as `leases.terms.as_json` writes them; `reason` the act's code and, after a
    colon, the words of whoever did it.
    """

    lease = models.ForeignKey(
        Lease, models.PROTECT, related_name="versions", verbose_name=_("lease")
    )
    version = models.PositiveSmallIntegerField(_("version"))
    terms = models.JSONField(_("terms"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    known_from = models.DateTimeField(_("known from"))
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = LeaseVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a lease")
        verbose_name_plural = _("versions of leases")
        ordering = ["lease", "version"]
        constraints = [
            models.UniqueConstraint(fields=["lease", "version"], name="leases_leaseversion_once"),
        ]

    def __str__(self) -> str:
        return f"{self.lease_id} v{self.version}"

    @property
    def reason_in_words(self) -> str:
        """The act in the language in force, with the words that were given for it."""
        code, _colon, why = self.reason.partition(": ")
        act = str(VersionAct(code).label) if code in VersionAct.values else code
        return f"{act} ({why})" if why else act
