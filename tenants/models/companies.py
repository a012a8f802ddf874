"""Companies: one record through changes of name, form and identifiers."""

import datetime as dt

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from core.fields import PERSONAL, PeriodField, real_period
from core.history import tracked, tracked_link
from core.languages import Language
from sites.choices import TenantKind
from tenants.choices import LegalForm
from tenants.models.classifications import Sector, Technology
from tenants.querysets import CompanyQuerySet, ContactQuerySet, FormerIdentityQuerySet


class LegalIdentity(models.Model):
    """What a company is called and registered as."""

    name = models.CharField(_("name"), max_length=200)
    legal_form = models.CharField(
        _("legal form"), max_length=8, choices=LegalForm, default=LegalForm.OTHER
    )
    ice = models.CharField("ICE", max_length=15, blank=True)  # identifiant commun de l'entreprise
    if_number = models.CharField("IF", max_length=8, blank=True)  # identifiant fiscal
    rc_number = models.CharField("RC", max_length=20, blank=True)  # registre du commerce
    rc_court = models.CharField(_("trade register court"), max_length=60, blank=True)

    class Meta:
        abstract = True


SINCE_EVER = dt.date(1900, 1, 1)
"""When an identity began that nobody can date."""

IDENTITY_FIELDS = ("name", "legal_form", "ice", "if_number", "rc_number", "rc_court")


@tracked()
class Company(LegalIdentity):
    """A company (or project) with its identity of today; former ones stand in FormerIdentity.

    `tenants.services` is the only door: it folds the name, dates a change of identity, and
    merges duplicates.
    """

    identity_since = models.DateField(
        _("identity since"), default=SINCE_EVER, help_text=_("1900: as long as we know it.")
    )
    name_key = models.CharField(max_length=200, editable=False, db_index=True)
    # A failed control key is a warning; staff may override it with a reason.
    ice_override_reason = models.CharField(_("why this ICE is right"), max_length=200, blank=True)
    cnss_number = models.CharField("CNSS", max_length=20, blank=True)
    tp_number = models.CharField("TP", max_length=20, blank=True)  # taxe professionnelle
    kind = models.CharField(
        _("kind"), max_length=16, choices=TenantKind, default=TenantKind.STARTUP
    )
    sectors = models.ManyToManyField(Sector, blank=True, verbose_name=_("sectors"))
    technologies = models.ManyToManyField(Technology, blank=True, verbose_name=_("technologies"))
    website = models.URLField(_("website"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    address = models.TextField(_("address"), blank=True)
    # In which letters and documents speak to it.
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.FRENCH
    )
    in_directory = models.BooleanField(
        _("in the public directory"),
        default=False,
        help_text=_("The company agreed to be listed on the public pages."),
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="duplicates",
        verbose_name=_("merged into"),
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ["name_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ice"],
                name="tenants_company_ice",
                condition=~Q(ice="") & Q(merged_into__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="tenants_company_not_its_own_duplicate",
            ),
            models.CheckConstraint(
                condition=Q(ice="") | Q(ice__regex=r"^\d{15}$"), name="tenants_company_ice_digits"
            ),
            models.CheckConstraint(condition=~Q(name_key=""), name="tenants_company_named"),
        ]
        indexes = [
            GinIndex(
                name="tenants_company_look_alike", fields=["name_key"], opclasses=["gin_trgm_ops"]
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked_link
class CompanySector(Company.sectors.through):  # type: ignore[name-defined,misc]
    class Meta:
        proxy = True
        verbose_name = _("sector")


@tracked_link
class CompanyTechnology(Company.technologies.through):  # type: ignore[name-defined,misc]
    class Meta:
        proxy = True
        verbose_name = _("technology")


@tracked()
class FormerIdentity(LegalIdentity):
    """What a company was called and registered as over a past period."""

    company = models.ForeignKey(
        Company, models.CASCADE, related_name="former_identities", verbose_name=_("company")
    )
    period = PeriodField(_("from – to"))
    name_key = models.CharField(max_length=200, editable=False)

    objects = FormerIdentityQuerySet.as_manager()

    class Meta:
        verbose_name = _("former identity")
        verbose_name_plural = _("former identities")
        ordering = ["company", "period"]
        constraints = [
            real_period("tenants_formeridentity_period"),
            models.CheckConstraint(
                condition=Q(period__endswith__isnull=False), name="tenants_formeridentity_ended"
            ),
            ExclusionConstraint(
                name="tenants_formeridentity_one_at_a_time",
                expressions=[
                    ("company", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.period})"


@tracked()
class Contact(models.Model):
    """A person at a company. Personal data, erased when no longer needed (law 09-08)."""

    company = models.ForeignKey(
        Company, models.CASCADE, related_name="contacts", verbose_name=_("company")
    )
    name = models.CharField(_("name"), max_length=150, db_comment=PERSONAL)
    function = models.CharField(_("function"), max_length=100, blank=True, db_comment=PERSONAL)
    email = models.EmailField(_("e-mail"), blank=True, db_comment=PERSONAL)
    phone = PhoneNumberField(_("phone"), blank=True, db_comment=PERSONAL)
    for_billing = models.BooleanField(_("receives invoices"), default=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["company", "name"]

    def __str__(self) -> str:
        return self.name or self.email
