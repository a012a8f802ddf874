"""Spaces and what is dated about them: their area, and when they may be let."""

from decimal import Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import AreaField, PeriodField, real_period
from core.history import tracked, tracked_link
from sites.choices import SpaceKind
from sites.models.places import Building, Floor, Site, code_validator
from sites.querysets import LettablePeriodQuerySet, MeasureQuerySet, SpaceQuerySet


@tracked()
class Space(models.Model):
    """A place that can be let (local): an office, a shop, or a unit (desk) inside an open floor.

    Only leaves are measured and booked. Spaces are made by `sites.services.spaces`; their state
    on a day is derived from bookings. `site` repeats the building's, held equal by a composite
    foreign key, because rights and indicators ask for it in every query.
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="spaces", verbose_name=_("site"))
    building = models.ForeignKey(Building, models.PROTECT, verbose_name=_("building"))
    floor = models.ForeignKey(Floor, models.PROTECT, verbose_name=_("floor"))
    code = models.CharField(_("code"), max_length=30, validators=[code_validator])
    kind = models.CharField(_("kind"), max_length=16, choices=SpaceKind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="units", verbose_name=_("in")
    )
    # A dated act: the spaces that ended when this one began by a split or a merge.
    replaces = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("replaces"),
    )
    advertised = models.BooleanField(
        _("advertised"), default=True, help_text=_("Shown on the public pages while free.")
    )
    note = models.TextField(_("note"), blank=True)

    area_m2: Decimal
    """The area in force on a day; only on rows of `measured_on(day)`."""

    objects = SpaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("space")
        verbose_name_plural = _("spaces")
        ordering = ["site", "building", "code"]
        constraints = [
            models.UniqueConstraint(fields=["building", "code"], name="sites_space_code"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | Q(kind=SpaceKind.DESK),
                name="sites_space_only_desks_have_a_parent",
            ),
        ]

    def __str__(self) -> str:
        return self.code


@tracked_link
class SpaceReplacement(Space.replaces.through):  # type: ignore[name-defined,misc]
    class Meta:
        proxy = True
        verbose_name = _("replaced space")


@tracked()
class Measure(models.Model):
    """The area of a space over a period (mesurage). `sites.services.measure` writes it."""

    space = models.ForeignKey(
        Space, models.PROTECT, related_name="measures", verbose_name=_("space")
    )
    period = PeriodField(_("in force"))
    area_m2 = AreaField(_("area, m²"))

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        ordering = ["space", "period"]
        constraints = [
            real_period("sites_measure_period"),
            models.CheckConstraint(condition=Q(area_m2__gt=0), name="sites_measure_positive"),
            ExclusionConstraint(
                name="sites_measure_one_at_a_time",
                expressions=[
                    ("space", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_m2} m² ({self.period})"


@tracked()
class LettablePeriod(models.Model):
    """When a space may be let at all (surface louable). Written by `sites.services.spaces`."""

    space = models.ForeignKey(
        Space, models.PROTECT, related_name="lettable_periods", verbose_name=_("space")
    )
    period = PeriodField(_("lettable"))

    objects = LettablePeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("lettable period")
        verbose_name_plural = _("lettable periods")
        ordering = ["space", "period"]
        constraints = [
            real_period("sites_lettableperiod_period"),
            ExclusionConstraint(
                name="sites_lettableperiod_one_at_a_time",
                expressions=[
                    ("space", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return str(self.period)
