"""Who lets and who rents, with every mark that identifies them; in the language in force."""

from collections.abc import Iterable

from django.utils.text import capfirst
from django.utils.translation import get_language, gettext

from core import formats
from sites.models import Lessor
from tenants.choices import LegalForm
from tenants.models import Company

Row = list[str]


def language() -> str:
    return (get_language() or "fr")[:2]


def isolated(text: str) -> str:
    """Figures and codes that stay in their order on a page that runs from right to left."""
    return f"\u2066{text}\u2069" if text and language() == "ar" else text


def own(text: str) -> str:
    """What somebody typed, whole in its own direction inside a line of the other one."""
    return f"\u2068{text}\u2069" if text and language() == "ar" else text


def lessor_rows(lessor: Lessor, *, bank: bool = True) -> list[Row]:
    """`bank`: with the account to which rent is paid."""
    capital = formats.money(lessor.capital, language()) if lessor.capital is not None else ""
    city = " ".join(filter(None, (lessor.postcode, lessor.city)))
    return said(
        (gettext("name"), own(lessor.name)),
        (gettext("legal form"), lessor.legal_form),
        (gettext("share capital"), capital),
        (gettext("address"), one_line(lessor.address, city)),
        *_marks(lessor),
        ("CNSS", isolated(lessor.cnss_number)),
        ("RIB", isolated(lessor.rib) if bank else ""),
        (gettext("e-mail"), isolated(lessor.email)),
        (gettext("phone"), formats.phone(lessor.phone, language()) if lessor.phone else ""),
    )


def company_rows(company: Company, address: str = "") -> list[Row]:
    """`address`: where it is written to instead, once it has left."""
    known = company.legal_form not in {LegalForm.NONE, LegalForm.OTHER}
    return said(
        (gettext("name"), own(company.name)),
        (gettext("legal form"), company.get_legal_form_display() if known else ""),
        (gettext("address"), one_line(address or company.address)),
        *_marks(company),
        ("CNSS", isolated(company.cnss_number)),
        (gettext("e-mail"), isolated(company.email)),
        (gettext("phone"), formats.phone(str(company.phone), language()) if company.phone else ""),
    )


def said(*rows: tuple[str, str]) -> list[Row]:
    """The rows that say something, their labels as headings."""
    return [[capfirst(label), text] for label, text in rows if text]


def _marks(party: Lessor | Company) -> Iterable[tuple[str, str]]:
    register = isolated(party.rc_number)
    if register and party.rc_court:
        register = own(f"{party.rc_number} ({party.rc_court})")
    return (
        ("ICE", isolated(party.ice)),
        ("IF", isolated(party.if_number)),
        ("RC", register),
        ("TP", isolated(party.tp_number)),
    )


def one_line(*parts: str) -> str:
    """An address on one line; its lines are in one script, whatever the document's is."""
    lines = (line.strip() for part in parts for line in part.splitlines())
    return own(", ".join(filter(None, lines)))
