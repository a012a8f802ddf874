"""What the hub offers."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.models.files import Application
from applications.querysets import OfferQuerySet
from core.fields import AreaField, MoneyField, PeriodField, real_period
from core.history import tracked
from core.periods import last_day_before
from sites.choices import RateUnit, TenantKind
from sites.models import Booking, Space


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
    time and the booking's end of life change; another lets no hold stand that its offer let go.
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
    answered_at = models.DateTimeField(pgettext_lazy("date", "answered"), null=True)
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
                condition=Q(booking__isnull=True)
                | Q(state__in=[OfferState.OPEN, OfferState.ACCEPTED]),
                name="applications_offer_closed_holds_nothing",
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
        what = self.space.code if self.space else self.get_tenant_kind_display()
        return f"{self.application.reference} · {what}"

    @property
    def open_until(self) -> dt.date:
        """The last day on which it can be accepted."""
        return last_day_before(self.expires_at)
