"""Which documents a lease has, which it lacks, and in whose words they are."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from leases.choices import COUNTING_STATES, AmendmentState, DocumentKind
from leases.models import (
    Amendment,
    ClauseTemplate,
    HandoverReport,
    Lease,
    LeaseDocument,
    SignedCopy,
)
from sites.models import Site


def documents_of(lease: Lease, user: Any) -> list[LeaseDocument]:
    """As issued, the older first, each with its signed copies; two queries."""
    rows = LeaseDocument.objects.visible_to(user).filter(lease=lease)
    copies = SignedCopy.objects.visible_to(user).order_by("id")
    return list(
        rows.select_related("lease", "amendment", "report", "acting_user")
        .prefetch_related(Prefetch("signed_copies", copies))
        .order_by("id")
    )


def contracts_from_elsewhere(lease: Lease, user: Any) -> list[SignedCopy]:
    """Of a lease that was signed before it came here, the older first; a query for those alone."""
    if not lease.imported:
        return []
    rows = SignedCopy.objects.visible_to(user).filter(lease=lease, document=None)
    return list(rows.order_by("id"))


def clauses_for(*, kind: str, language: str, site: Site) -> ClauseTemplate | None:
    """The newest of the site's own, else of the network's; None: the product's own."""
    rows = ClauseTemplate.objects.filter(Q(site=site) | Q(site=None))
    return (
        rows.filter(kind=kind, language=language)
        .order_by(F("site").asc(nulls_last=True), "-version")
        .first()
    )


def language_of(lease: Lease) -> str:
    """In which the company is written to."""
    return lease.company.language


def lacking_contract() -> QuerySet[Lease]:
    """Signed here, and no contract was issued in any language. What was imported is signed
    elsewhere."""
    issued = LeaseDocument.objects.filter(lease=OuterRef("pk"), kind=DocumentKind.CONTRACT)
    signed = Lease.objects.filter(state__in=COUNTING_STATES, imported=False)
    return signed.exclude(Exists(issued))


def lacking_document() -> QuerySet[Amendment]:
    """Signed amendments of which no document was issued in any language."""
    issued = LeaseDocument.objects.filter(amendment=OuterRef("pk"))
    return Amendment.objects.filter(state=AmendmentState.SIGNED).exclude(Exists(issued))


def lacking_report() -> QuerySet[HandoverReport]:
    """Closed handover reports of which no document was issued in any language."""
    issued = LeaseDocument.objects.filter(report=OuterRef("pk"))
    return HandoverReport.objects.closed().exclude(Exists(issued))
