"""What programs outside are told of billing: what is issued, and what is settled."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from django.db.models import F, Max, Q, Sum
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from billing.choices import InvoiceKind
from billing.models import Invoice
from sites.models import Site
from sites.services import webhooks

ISSUED: Final = "invoice.issued"
SETTLED: Final = "invoice.settled"
EVENTS: Final = {
    ISSUED: pgettext_lazy("event", "invoice or credit note issued"),
    SETTLED: pgettext_lazy("event", "invoice settled"),
}


def announce_issued(site: Site, rows: Sequence[Mapping[str, Any]]) -> None:
    """Invoices and credit notes of a site, as the columns that were written. Call it in the
    transaction that issues them; where nobody listens, it costs one query however many they are."""
    webhooks.announce_each(event=ISSUED, site_ids={site.pk}, told=lambda: _all_issued(site, rows))


def announce_settled(invoice_ids: Collection[int]) -> None:
    """Those of the invoices that are settled now, by payments and credits alone: what was given up
    settles nothing. Call it in the transaction, after the allocations, with the invoices that
    something was allocated to: they were open before, so each is told once until it is reopened.
    Two queries, of whoever listens and of the invoices."""
    settled: list[Any] = list(
        Invoice.objects.filter(pk__in=invoice_ids, kind=InvoiceKind.INVOICE)
        .annotate(
            given=Sum("allocations__amount", filter=Q(allocations__write_off=None)),
            settled_on=Max("allocations__on"),
        )
        .filter(given=F("total"))
        .order_by("pk")
        .values("number", "site_id", "site__code", "company_id", "total", "settled_on")
    )
    if settled:
        webhooks.announce_each(
            event=SETTLED,
            site_ids={row["site_id"] for row in settled},
            told=lambda: _all_settled(settled),
        )


def _all_issued(
    site: Site, rows: Sequence[Mapping[str, Any]]
) -> Iterable[tuple[int, dict[str, Any]]]:
    for row in rows:
        yield (
            site.pk,
            {
                "number": row["number"],
                "kind": row["kind"],
                "site": site.code,
                "company": row["company_id"],
                "issued_on": row["issued_on"].isoformat(),
                "due_on": row["due_on"].isoformat(),
                "total": f"{row['net'] + row['vat']:.2f}",
                "at": row["made_at"].isoformat(),
            },
        )


def _all_settled(rows: Iterable[dict[str, Any]]) -> Iterable[tuple[int, dict[str, Any]]]:
    now = timezone.now().isoformat()
    for row in rows:
        yield (
            row["site_id"],
            {
                "number": row["number"],
                "site": row["site__code"],
                "company": row["company_id"],
                "settled_on": row["settled_on"].isoformat(),
                "total": f"{row['total']:.2f}",
                "at": now,
            },
        )
