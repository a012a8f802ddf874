"""A payment's shares as a table in which one may write: an invoice a row, what is paid and what is
withheld of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.models import Invoice
from billing.sharing import OpenItem, Portion
from core.forms import DecimalFormField
from core.money import ZERO

_FIELD: Final = DecimalFormField(
    max_digits=14, decimal_places=2, min_value=0, required=False, localize=False
)
NAMES: Final = {
    "paid": pgettext_lazy("payment", "settles"),
    "rent": _("withheld on rent"),
    "vat": _("withheld of VAT"),
}
"""Of the inputs of a row, before its invoice's id, with what they are."""
_CELL: Final = re.compile(rf"(?:{'|'.join(NAMES)})_[0-9]+")


@dataclass(frozen=True, slots=True)
class Cell:
    name: str
    label: str | Promise
    value: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class ShareRow:
    invoice: Invoice
    open: Decimal
    cells: list[Cell]


@dataclass(slots=True)
class Shares:
    """The open items of an account, each with its share."""

    rows: list[ShareRow]
    withholds: bool
    """Whether anything is to be withheld: else those columns are not there."""
    portions: list[Portion] = field(default_factory=list)
    wrong: bool = False
    gone: bool = False
    """Something was typed for an invoice, or as withheld, that is not to be settled any more."""

    @property
    def columns(self) -> dict[str, str | Promise]:
        return dict(list(NAMES.items())[: 3 if self.withholds else 1])

    @property
    def used(self) -> Decimal:
        return sum((portion.paid for portion in self.portions), ZERO)

    @property
    def kept(self) -> Decimal:
        return sum((sum(portion.withheld, ZERO) for portion in self.portions), ZERO)


def shown(items: Sequence[OpenItem], portions: Sequence[Portion]) -> Shares:
    """As it is proposed."""
    by_invoice = {portion.invoice_id: portion for portion in portions}
    made = _empty(items)
    for item in items:
        portion = by_invoice.get(item.invoice_id, Portion(item.invoice_id, ZERO))
        amounts = (portion.paid, *portion.withheld)
        texts = [_written(amount) for amount in amounts] + ["", ""]
        cells = [
            Cell(f"{name}_{item.invoice_id}", label, text)
            for (name, label), text in zip(made.columns.items(), texts, strict=False)
        ]
        made.rows.append(ShareRow(Invoice(pk=item.invoice_id), item.open, cells))
    made.portions = list(portions)
    return _named(made)


def read(items: Sequence[OpenItem], sent: Mapping[str, Any]) -> Shares:
    """As it was typed; `wrong` where something is no amount, which the cell then says."""
    made = _empty(items)
    for item in items:
        cells, amounts = [], []
        for name, label in made.columns.items():
            key = f"{name}_{item.invoice_id}"
            text, error = str(sent.get(key, "")), ""
            try:
                amounts.append(_FIELD.clean(text) or ZERO)
            except ValidationError as refusal:
                error, made.wrong = refusal.messages[0], True
            cells.append(Cell(key, label, text, error))
        made.rows.append(ShareRow(Invoice(pk=item.invoice_id), item.open, cells))
        if any(amounts) and not made.wrong:
            made.portions.append(Portion(item.invoice_id, amounts[0], tuple(amounts[1:])))
    asked = {cell.name for row in made.rows for cell in row.cells}
    typed = (name for name, text in sent.items() if _CELL.fullmatch(name) and str(text).strip())
    made.gone = not asked.issuperset(typed)
    return _named(made)


def _empty(items: Sequence[OpenItem]) -> Shares:
    return Shares([], any(any(item.to_withhold) for item in items))


def _named(made: Shares) -> Shares:
    """With the invoices themselves, in one query."""
    invoices = Invoice.objects.select_related("site").in_bulk([row.invoice.pk for row in made.rows])
    made.rows = [ShareRow(invoices[row.invoice.pk], row.open, row.cells) for row in made.rows]
    return made


def _written(amount: Decimal) -> str:
    return str(_FIELD.prepare_value(amount)) if amount else ""
