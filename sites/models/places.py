"""Sites, their capacity, their buildings and floors."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.fields import PeriodField, real_period
from core.history import tracked
from sites.models.lessors import Lessor
from sites.querysets import BuildingQuerySet, FloorQuerySet, SiteCapacityQuerySet, SiteQuerySet

code_validator = RegexValidator(r"^[A-Z0-9][A-Z0-9-]*$", _("Capital letters, digits and hyphens."))


@tracked()
class Site(models.Model):
    """A hub. A new one is data (`load_network`), never code."""

    code = models.CharField(_("code"), max_length=8, unique=True, validators=[code_validator])
    lessor = models.ForeignKey(Lessor, models.PROTECT, verbose_name=_("lessor"))
    name_fr = models.CharField(_("name in French"), max_length=80)
    name_ar = models.CharField(_("name in Arabic"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    city = models.CharField(_("city"), max_length=80)
    address = models.TextField(_("address"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    latitude = models.DecimalField(
        _("latitude"), max_digits=8, decimal_places=5, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=8, decimal_places=5, null=True, blank=True
    )
    built_m2 = models.DecimalField(
        _("built area, m²"), max_digits=9, decimal_places=2, null=True, blank=True
    )
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    takes_applications = models.BooleanField(_("takes applications"), default=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["opened_on", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gt=F("opened_on")),
                name="sites_site_closes_after_opening",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language in force, French by default."""
        language = (get_language() or "fr")[:2]
        return str(getattr(self, f"name_{language}", "") or self.name_fr)


@tracked()
class SiteCapacity(models.Model):
    """How many companies a site has room for, dated: a change never alters a past rate."""

    site = models.ForeignKey(
        Site, models.CASCADE, related_name="capacities", verbose_name=_("site")
    )
    period = PeriodField(_("in force"))
    companies = models.PositiveIntegerField(_("companies"))

    objects = SiteCapacityQuerySet.as_manager()

    class Meta:
        verbose_name = _("capacity")
        verbose_name_plural = _("capacities")
        ordering = ["site", "period"]
        constraints = [
            real_period("sites_sitecapacity_period"),
            ExclusionConstraint(
                name="sites_sitecapacity_one_at_a_time",
                expressions=[
                    ("site", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.companies} ({self.period})"


@tracked()
class Building(models.Model):
    site = models.ForeignKey(Site, models.PROTECT, related_name="buildings", verbose_name=_("site"))
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=80, blank=True)

    objects = BuildingQuerySet.as_manager()

    class Meta:
        verbose_name = _("building")
        verbose_name_plural = _("buildings")
        ordering = ["site", "code"]
        constraints = [
            models.UniqueConstraint(fields=["site", "code"], name="sites_building_code"),
        ]

    def __str__(self) -> str:
        return self.name or self.code


@tracked()
class Floor(models.Model):
    building = models.ForeignKey(
        Building, models.PROTECT, related_name="floors", verbose_name=_("building")
    )
    code = models.CharField(_("code"), max_length=20)
    level = models.SmallIntegerField(_("level"), help_text=_("0 is the ground floor (RDC)."))

    objects = FloorQuerySet.as_manager()

    class Meta:
        verbose_name = _("floor")
        verbose_name_plural = _("floors")
        ordering = ["building", "level"]
        constraints = [
            models.UniqueConstraint(fields=["building", "code"], name="sites_floor_code"),
        ]

    def __str__(self) -> str:
        return f"{self.building_id and self.building} · {self.code}"
