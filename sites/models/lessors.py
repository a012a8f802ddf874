"""Who lets: the legal person that signs leases and issues invoices."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import PeriodField, real_period
from core.history import tracked
from sites.choices import VatSubject
from sites.querysets import LessorQuerySet, VatRuleQuerySet


@tracked()
class Lessor(models.Model):
    """A lessor (bailleur) with every mark that an invoice must bear (CGI art. 145)."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=200)
    legal_form = models.CharField(_("legal form"), max_length=40)
    ice = models.CharField("ICE", max_length=15, blank=True)  # identifiant commun de l'entreprise
    if_number = models.CharField("IF", max_length=8, blank=True)  # identifiant fiscal
    rc_number = models.CharField("RC", max_length=20, blank=True)  # registre du commerce
    rc_court = models.CharField(_("trade register court"), max_length=60, blank=True)
    tp_number = models.CharField("TP", max_length=20, blank=True)  # taxe professionnelle
    cnss_number = models.CharField("CNSS", max_length=20, blank=True)
    capital = models.DecimalField(
        _("share capital"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    address = models.TextField(_("address"), blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    postcode = models.CharField(_("postcode"), max_length=5, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    rib = models.CharField("RIB", max_length=24, blank=True)  # relevé d'identité bancaire
    # Law 09-08: what the public form must say.
    cndp_reference = models.CharField(_("CNDP reference"), max_length=60, blank=True)

    objects = LessorQuerySet.as_manager()

    class Meta:
        verbose_name = _("lessor")
        verbose_name_plural = _("lessors")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@tracked()
class VatRule(models.Model):
    """The VAT regime of what a lessor lets of one kind, or sells without a space, dated.

    Copied onto each invoice line when the invoice is issued; a later rule never touches it.
    """

    lessor = models.ForeignKey(Lessor, models.PROTECT, verbose_name=_("lessor"))
    subject = models.CharField(_("VAT on"), max_length=16, choices=VatSubject)
    period = PeriodField(_("in force"))
    rate = models.DecimalField(_("rate, %"), max_digits=5, decimal_places=2)
    exemption_ground = models.CharField(_("ground of exemption"), max_length=200, blank=True)

    objects = VatRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("VAT rule")
        verbose_name_plural = _("VAT rules")
        ordering = ["lessor", "subject", "period"]
        constraints = [
            real_period("sites_vatrule_period"),
            ExclusionConstraint(
                name="sites_vatrule_one_at_a_time",
                expressions=[
                    ("lessor", RangeOperators.EQUAL),
                    ("subject", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(rate__gte=0, rate__lte=100), name="sites_vatrule_rate"
            ),
            models.CheckConstraint(
                condition=Q(rate__gt=0) | ~Q(exemption_ground=""),
                name="sites_vatrule_exemption_ground",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lessor_id} {self.get_subject_display()} {self.rate} %"
