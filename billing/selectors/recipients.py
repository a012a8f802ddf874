"""To whom papers of a company are sent."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from django.utils import timezone

from billing.models import Invoice, Receipt, SiteBilling
from core.models import Message
from tenants.models import Company, Contact

PAUSE: Final = dt.timedelta(hours=1)
"""Between two letters with one document that somebody outside asks for."""


def billing_addresses(companies: Collection[Company]) -> Mapping[int, list[str]]:
    """By company (all of them are in it): its contacts that receive invoices, or else the address
    of the company itself; nothing where there is neither. One query."""
    rows = Contact.objects.filter(company__in=companies, for_billing=True).exclude(email="")
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for company_id, email in rows.order_by("pk").values_list("company", "email"):
        found[company_id][email.lower()] = None
    return {
        company.pk: list(found[company.pk]) or [company.email.lower()] * bool(company.email)
        for company in companies
    }


def known_addresses(company: Company) -> list[str]:
    """All addresses of the company and its people: to one of them a paper may be sent again, and
    links that were sent to them are good."""
    contacts = Contact.objects.filter(company=company).exclude(email="").order_by("name", "pk")
    emails = [company.email, *contacts.values_list("email", flat=True)]
    return list(dict.fromkeys(email.lower() for email in emails if email))


def sending_sites(site_ids: Collection[int]) -> frozenset[int]:
    """Those of the sites from which papers leave by themselves."""
    rows = SiteBilling.objects.filter(site__in=site_ids, sends_papers=True)
    return frozenset(rows.values_list("site", flat=True))


def letters_of(invoice: Invoice, receipts: Iterable[Receipt]) -> list[Message]:
    """What was written about the document, the latest first: its own letters and its receipts'."""
    matters = [matter(invoice), *(f"receipt:{receipt.pk}" for receipt in receipts)]
    return list(Message.objects.filter(matter__in=matters).order_by("-id"))


def written_lately(invoice: Invoice, email: str) -> bool:
    """Whether a letter with the document was written to the address within an hour."""
    since = timezone.now() - PAUSE
    rows = Message.objects.filter(matter=matter(invoice), to=email, created_at__gt=since)
    return rows.exists()


def matter(invoice: Invoice) -> str:
    """What the outbox calls letters with the document: an unsent older one gives way to a newer."""
    return f"invoice:{invoice.pk}"
