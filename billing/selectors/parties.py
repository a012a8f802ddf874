"""Seller and client of an invoice, as they are today: what is copied onto it for ever."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from sites.models import Lessor
from tenants.choices import LegalForm
from tenants.models import Company

UNTOLD: Final = frozenset({LegalForm.NONE, LegalForm.OTHER})
"""Legal forms that say nothing."""
NEEDED: Final = {"ice": "ICE", "if_number": "IF", "tp_number": "TP", "address": _("address")}


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


def missing_marks(seller: Mapping[str, Any]) -> list[str]:
    """What the law wants of the seller (CGI art. 145) and is not there, in words."""
    return [str(mark) for name, mark in NEEDED.items() if not seller[name].strip()]


def client_of(company: Company) -> dict[str, Any]:
    return _client({name: getattr(company, name) for name in _MARKS})


def clients_of(
    company_ids: Collection[int], rates: Mapping[int, Mapping[str, Decimal]]
) -> Mapping[int, tuple[str, dict[str, Any]]]:
    """By company, the language that its documents are in, and the client on them; with `rates`,
    what it is to withhold, percent by kind (`rates_on`)."""
    rows = Company.objects.filter(pk__among=company_ids).order_by()
    return {
        pk: (language, _client(dict(zip(_MARKS, marks, strict=True)), rates[pk]))
        for pk, language, *marks in rows.values_list("pk", "language", *_MARKS)
    }


def _client(
    marks: dict[str, Any], rates: Mapping[str, Decimal] = MappingProxyType({})
) -> dict[str, Any]:
    form = marks["legal_form"]
    marks["legal_form"] = "" if form in UNTOLD else str(LegalForm(form).label)
    if rates:
        marks["withholding"] = {kind: f"{rate:f}" for kind, rate in rates.items()}
    return marks


_MARKS: Final = ("name", "legal_form", "address", "ice", "if_number", "rc_number", "rc_court")
