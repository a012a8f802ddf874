"""Who lets, and under which VAT regime."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from sites.admin.base import ScopedAdmin, ScopedTabular
from sites.models import Lessor, VatRule


class VatRules(ScopedTabular):
    model = VatRule
    strikable = True


@admin.register(Lessor)
class LessorAdmin(ScopedAdmin):
    added_by_network = True
    list_display = ("name", "legal_form", "ice", "city")
    search_fields = ("name", "code", "ice", "rc_number")
    inlines = (VatRules,)
    history_with = ((VatRule, "lessor_id"),)
    fieldsets = (
        (None, {"fields": (("code", "name"), ("legal_form", "capital"))}),
        (
            _("Identifiers"),
            {
                "fields": (
                    ("ice", "if_number"),
                    ("rc_number", "rc_court"),
                    ("tp_number", "cnss_number"),
                    ("rib", "cndp_reference"),
                )
            },
        ),
        (_("Address"), {"fields": ("address", ("postcode", "city"), ("email", "phone"))}),
    )
