"""Leases, and the terms of each as they were known from one act to the next."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.models import Application
from core.fields import MoneyField, PeriodField, real_period
from core.history import tracked
from leases.choices import ExitReason, LeaseState, VersionAct
from leases.querysets import LeaseQuerySet, LeaseVersionQuerySet
from sites.choices import TenantKind
from sites.models import Site
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
    # The lease of another company that this one goes on with (cession du bail).
    follows = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="followed_by",
        verbose_name=_("follows"),
    )
    deposit_due = MoneyField(_("deposit due"), default=0)  # dépôt de garantie
    # Why the keys may go out without the deposit.
    deposit_waiver = models.CharField(_("why no deposit is asked"), max_length=300, blank=True)
    notice_months = models.PositiveSmallIntegerField(_("notice, months"), default=3)  # préavis
    # A term that nobody ended goes on for so long (tacite reconduction); empty: no such clause.
    tacit_months = models.PositiveSmallIntegerField(
        _("tacit renewal, months"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    # Of the plan it was drafted at: a warning, never a block.
    maximum_stay_months = models.PositiveSmallIntegerField(
        _("maximum stay, months"), null=True, blank=True
    )
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    handed_over_on = models.DateField(_("handed over on"), null=True, blank=True)
    # The last day the tenant was there (état des lieux de sortie).
    exit_on = models.DateField(_("last day"), null=True, blank=True)
    cancelled_at = models.DateTimeField(pgettext_lazy("date", "cancelled"), null=True, blank=True)
    # Empty: nobody said, as of a lease that came from the old system.
    exit_reason = models.CharField(_("why it ended"), max_length=10, choices=ExitReason, blank=True)
    end_reason = models.CharField(_("reason of the end"), max_length=300, blank=True)
    # Where the tenant is written to once it has left.
    forwarding_address = models.TextField(_("forwarding address"), max_length=500, blank=True)
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
            models.CheckConstraint(
                condition=Q(exit_reason="") | Q(state=LeaseState.ENDED),
                name="leases_lease_only_the_ended_say_why",
            ),
            models.CheckConstraint(condition=Q(deposit_due__gte=0), name="leases_lease_deposit"),
            models.CheckConstraint(condition=Q(tacit_months__gt=0), name="leases_lease_tacit"),
        ]
        indexes = [
            models.Index(fields=["site", "state"], name="leases_lease_site_state"),
        ]

    def __str__(self) -> str:
        return self.number


class LeaseVersion(models.Model):
    """The terms as the rent engine read them, from one human act to the next. Insert-only.

    Version 1 is what was signed. `terms` is what `leases.terms.as_json` writes: all that the rent
    engine reads; `reason` the act's code and, after a colon, the words of whoever did it.
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
