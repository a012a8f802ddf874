"""What every document about a lease bears; in the language in force."""

from typing import Any

from django.utils.translation import gettext, pgettext

from leases.choices import DocumentKind
from leases.papers.parties import company_rows, lessor_rows, one_line, own
from leases.papers.subject import Subject


def frame(title: str, subject: Subject) -> dict[str, Any]:
    """The parties, and where they sign."""
    site, company = subject.lease.site, subject.lease.company
    signing = gettext("Name, capacity, date and signature")
    settles = subject.kind == DocumentKind.SETTLEMENT
    address = subject.lease.forwarding_address if settles else ""
    bank = subject.kind in {DocumentKind.CONTRACT, DocumentKind.AMENDMENT}
    return {
        "title": title,
        "mark": pgettext("watermark", "DRAFT") if subject.draft else "",
        "lessor": {"title": gettext("The lessor"), "rows": lessor_rows(site.lessor, bank=bank)},
        "company": {"title": gettext("The tenant"), "rows": company_rows(company, address)},
        "words": {
            "parties": gettext("Between"),
            "terms": gettext("Terms"),
            "clauses": gettext("Clauses"),
            "article": gettext("Article"),
            "signatures": gettext("Signatures"),
            "for_lessor": gettext("For the lessor"),
            "for_company": gettext("For the tenant"),
            "signing": signing,
        },
    }


def site_lines(subject: Subject) -> list[str]:
    """Its name, and where it is."""
    site = subject.lease.site
    return list(filter(None, (own(site.name), one_line(site.address, site.city))))
