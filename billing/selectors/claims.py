"""What became of an invoice that nobody paid in time: pauses, penalties, doubt, write-offs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from billing.choices import InvoiceKind
from billing.models import Doubtful, DunningPause, Invoice, Penalty, WriteOff
from core.periods import today


@dataclass(frozen=True, slots=True)
class Claim:
    """Each the oldest first; of pauses those that count today."""

    pauses: Sequence[DunningPause] = ()
    penalties: Sequence[Penalty] = ()
    doubts: Sequence[Doubtful] = ()
    write_offs: Sequence[WriteOff] = ()

    def __bool__(self) -> bool:
        return any((self.pauses, self.penalties, self.doubts, self.write_offs))


def claim_of(invoice: Invoice, user: Any) -> Claim:
    """As far as the user may see it. Four queries; none before it is overdue."""
    if invoice.kind != InvoiceKind.INVOICE or invoice.due_on >= today():
        return Claim()
    everything = Q(invoice=None, site=invoice.site_id, company=invoice.company_id)
    pauses = DunningPause.objects.visible_to(user).in_force(today())
    mine: dict[str, Any] = {"invoice": invoice}
    return Claim(
        list(pauses.filter(Q(**mine) | everything).order_by("id")),
        list(Penalty.objects.visible_to(user).filter(**mine).order_by("period")),
        list(Doubtful.objects.visible_to(user).filter(**mine).order_by("id")),
        list(WriteOff.objects.visible_to(user).filter(**mine).order_by("id")),
    )
