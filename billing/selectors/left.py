"""What is left of issued lines once everything that credits them is counted."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from billing.choices import InvoiceKind
from billing.crediting import Left
from billing.models import InvoiceLine
from core.money import ZERO


def left_of(lines: Iterable[InvoiceLine]) -> Mapping[int, Left]:
    """By line, with their invoices at hand. Of a credit note's line it is less than nothing: what
    it gave. One query for each generation of credits; there are hardly ever two."""
    rows = list(lines)
    taken = corrections({line.pk for line in rows})
    found = {}
    for line in rows:
        sign = -1 if line.invoice.kind == InvoiceKind.CREDIT_NOTE else 1
        net, vat = taken.get(line.pk, (ZERO, ZERO))
        found[line.pk] = Left(sign * line.amount + net, sign * line.vat + vat, line.vat_rate)
    return found


def corrections(line_ids: Collection[int]) -> Mapping[int, tuple[Decimal, Decimal]]:
    """By line, net and VAT of the lines that credit it and of what in turn credits those: a credit
    note's count against the client's debt, an invoice's for it."""
    found: dict[int, tuple[Decimal, Decimal]] = defaultdict(lambda: (ZERO, ZERO))
    root = {line_id: line_id for line_id in line_ids}
    while root:
        rows = InvoiceLine.objects.filter(credits__among=root).values_list(
            "pk", "credits_id", "amount", "vat", "invoice__kind"
        )
        following = {}
        for pk, credited, amount, vat, kind in rows:
            sign = -1 if kind == InvoiceKind.CREDIT_NOTE else 1
            net, tax = found[root[credited]]
            found[root[credited]] = (net + sign * amount, tax + sign * vat)
            following[pk] = root[credited]
        root = following
    return found
