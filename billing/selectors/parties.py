"""Seller and client of an invoice, as they are today: what is copied onto it for ever."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from sites.models import Lessor
from tenants.choices import LegalForm
from tenants.models import Company

UNTOLD: Final = frozenset({LegalForm.NONE, LegalForm.OTHER})
"""Legal forms that say nothing."""


def seller_of(lessor: Lessor) -> dict[str, Any]:
    """The lessor with every mark that an invoice must bear (CGI art. 145)."""
    return {
        "name": lessor.name,
        "legal_form": lessor.legal_form,
        "capital": None if lessor.capital is None else f"{lessor.capital:f}",
        "address": lessor.address,
        "postcode": lessor.postcode,
        "city": lessor.city,
        "ice": lessor.ice,
        "if_number": lessor.if_number,
        "tp_number": lessor.tp_number,
        "rc_number": lessor.rc_number,
        "rc_court": lessor.rc_court,
        "cnss_number": lessor.cnss_number,
        "phone": lessor.phone,
        "email": lessor.email,
        "rib": lessor.rib,
    }


def client_of(
    company: Company, rates: Mapping[str, Decimal] = MappingProxyType({})
) -> dict[str, Any]:
    """`rates`: what the company is to withhold, percent by kind (`rates_on`)."""
    withholding = {kind: f"{rate:f}" for kind, rate in rates.items()}
    return {
        "name": company.name,
        "legal_form": "" if company.legal_form in UNTOLD else company.get_legal_form_display(),
        "address": company.address,
        "ice": company.ice,
        "if_number": company.if_number,
        "rc_number": company.rc_number,
        "rc_court": company.rc_court,
        **({"withholding": withholding} if withholding else {}),
    }
