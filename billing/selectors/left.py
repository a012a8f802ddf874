"""What is left of issued lines once everything that credits them is counted."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from billing.choices import CreditKind, InvoiceKind
from billing.crediting import Left
from billing.models import InvoiceLine
from billing.reconciling import Gift
from core.money import ZERO


class Corrected(NamedTuple):
    """What changed a line after its issue, DH: with the sign of its effect on what is asked.

    `gifts`: of the net, what was given of goodwill, with the sign of the line.
    """

    net: Decimal = ZERO
    vat: Decimal = ZERO
    gifts: tuple[Gift, ...] = ()


def left_of(lines: Iterable[InvoiceLine]) -> Mapping[int, Left]:
    """By line, with their invoices at hand. Of a credit note's line it is less than nothing: what
    it gave. One query for each generation of credits; there are hardly ever two."""
    rows = list(lines)
    taken = corrections({line.pk for line in rows})
    found = {}
    for line in rows:
        sign = -1 if line.invoice.kind == InvoiceKind.CREDIT_NOTE else 1
        net, vat, _gifts = taken.get(line.pk, Corrected())
        found[line.pk] = Left(sign * line.amount + net, sign * line.vat + vat, line.vat_rate)
    return found


def corrections(line_ids: Collection[int]) -> Mapping[int, Corrected]:
    """By line, the lines that credit it and what in turn credits those: a credit note's count
    against the client's debt, an invoice's for it."""
    found: dict[int, Corrected] = defaultdict(Corrected)
    root = {line_id: line_id for line_id in line_ids}
    while root:
        rows = InvoiceLine.objects.filter(credits__among=root).values_list(
            *("pk", "credits_id", "amount", "vat", "period"),
            *("invoice__kind", "invoice__credit_kind"),
        )
        following = {}
        for pk, credited, amount, vat, period, kind, credit_kind in rows.order_by("pk"):
            sign = -1 if kind == InvoiceKind.CREDIT_NOTE else 1
            net, tax, gifts = found[root[credited]]
            if credit_kind == CreditKind.COMMERCIAL and root[credited] == credited and period:
                gifts = (*gifts, Gift(period, amount))
            found[root[credited]] = Corrected(net + sign * amount, tax + sign * vat, gifts)
            following[pk] = root[credited]
        root = following
    return found
