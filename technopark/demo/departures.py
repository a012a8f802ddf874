"""What follows when a tenant has left: the deposit of the one that left last is settled."""

import io
from decimal import Decimal
from typing import Final

from django.utils import translation

from accounts.models import User
from core import formats
from core.periods import today
from core.typesetting import typeset
from leases.choices import LeaseState, SettlementLineKind
from leases.models import Lease
from leases.selectors.deposits import deposit_of
from leases.services.evidence import add_evidence
from leases.services.settlements import (
    add_line,
    begin_settlement,
    close_settlement,
    note_settlement,
)

_LINES: Final = (
    (SettlementLineKind.DAMAGE, "Porte vitrée rayée, remplacée", Decimal("640.00"), True),
    (SettlementLineKind.KEYS, "Deux badges qui n’ont pas été rendus", Decimal("200.00"), False),
)
"""Kind, words, DH, and whether a bill shows it."""


def settle_the_last(director: User) -> None:
    """The others of `loading.WAITING` stay on the agenda."""
    gone = Lease.objects.filter(state=LeaseState.ENDED).order_by("-exit_on", "-id")
    wanted = sum(amount for _kind, _words, amount, _billed in _LINES)
    lease = next(lease for lease in gone if deposit_of(lease).held >= wanted)
    settlement = begin_settlement(lease=lease, acting_user=director)
    for kind, words, amount, billed in _LINES:
        line = add_line(
            settlement=settlement, kind=kind, words=words, amount=amount, acting_user=director
        )
        if billed:
            content = _bill(words, amount)
            add_evidence(
                line=line,
                file=io.BytesIO(content),
                name="Facture du vitrier.pdf",
                size=len(content),
                acting_user=director,
            )
    note_settlement(
        settlement=settlement,
        note="Les badges rendus avant la fin du mois vous seront remboursés.",
        acting_user=director,
    )
    close_settlement(settlement=settlement, on=today(), acting_user=director)


def _bill(words: str, amount: Decimal) -> bytes:
    with translation.override("fr"):
        card = [["Travaux", words], ["Montant", formats.money(amount, "fr")]]
        return typeset("demo/bill.typ", {"title": "Facture", "card": card})
