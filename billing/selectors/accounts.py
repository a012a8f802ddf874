"""The chart of a lessor, and how the files of its journals look."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from billing.booking import ACCOUNTS
from billing.choices import Journal, LedgerKey
from billing.layouts import DEFAULT
from billing.models import JournalLayout, LedgerAccount

CODES: Final[Mapping[Journal, str]] = {
    Journal.SALES: "VTE",
    Journal.RECEIPTS: "ENC",
    Journal.DEPOSITS: "DEP",
}
"""The journals as accountants call them: ventes, encaissements, dépôts."""


@dataclass(frozen=True, slots=True)
class Looks:
    """`written`: the layout (`billing.layouts.read`)."""

    written: str
    codes: Mapping[Journal, str]


def accounts_of(lessor_id: int) -> Mapping[LedgerKey, str]:
    """The lessor's own, the usual ones where it has none."""
    own = LedgerAccount.objects.filter(lessor=lessor_id).values_list("key", "code")
    return {**ACCOUNTS, **{LedgerKey(key): code for key, code in own}}


def looks_of(lessor_id: int) -> Looks:
    """As the lessor keeps it; the usual where it keeps none."""
    kept = JournalLayout.objects.filter(lessor=lessor_id).first()
    if kept is None:
        return Looks(DEFAULT, CODES)
    return Looks(
        kept.written,
        {
            Journal.SALES: kept.sales,
            Journal.RECEIPTS: kept.receipts,
            Journal.DEPOSITS: kept.deposits,
        },
    )
