"""The one table that says whose a space is on each day."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import PeriodField, real_period
from core.history import tracked
from sites.choices import BookingKind
from sites.models.spaces import Space
from sites.querysets import BookingQuerySet


@tracked()
class Booking(models.Model):
    """A space taken over a period: held, let, or out of service.

    Two bookings of one space never overlap (exclusion constraint). `sites.services.bookings`
    is the only door: it locks the space, clears expired holds, and names what is in the way.
    """

    space = models.ForeignKey(
        Space, models.PROTECT, related_name="bookings", verbose_name=_("space")
    )
    period = PeriodField(_("period"))
    kind = models.CharField(_("kind"), max_length=16, choices=BookingKind)
    # Holds only; a hold behind an accepted offer has none.
    expires_at = models.DateTimeField(_("held until"), null=True, blank=True)
    # Of a hold, the day on which it was placed.
    held_on = models.DateField(_("held since"), null=True, blank=True)
    # Why it is taken, for staff: an application's reference, a lease's number, the works.
    label = models.CharField(_("for"), max_length=200, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ["space", "period"]
        constraints = [
            real_period("sites_booking_period"),
            ExclusionConstraint(
                name="sites_booking_no_overlap",
                expressions=[
                    ("space", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(kind=BookingKind.HOLD) | Q(expires_at__isnull=True),
                name="sites_booking_only_holds_expire",
            ),
            # The target of the letting's composite key: a letting and its booking share one period.
            models.UniqueConstraint(
                fields=["id", "space", "period"], name="sites_booking_identity"
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"],
                name="sites_booking_expiry",
                condition=Q(expires_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.period}"
