"""The columns of a list of rows: what rows are about, and what else is told of them. A column for
which none of the rows has anything, on whatever page, is left out."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from django.utils.translation import gettext_lazy as _

from indicators.contributions import NONE, Rows
from indicators.labels import MORE
from indicators.selectors.shown import RECORDS, shown_code
from indicators.tables import NEVER, OPEN, Bools, Ints

_WHO: Final = {
    **{code: MORE[code] for code in RECORDS},
    "company": _("company"),
    "site": _("site"),
    "space": _("space"),
    "lease": _("lease"),
    "start": _("from"),
    "last_day": _("last day"),
}
_MAY_BE_NONE: Final = ("_centimes", "_centi_m2", "_ten_thousandths")


class Head(NamedTuple):
    text: str
    is_number: bool = False


def who(found: Rows) -> dict[str, Head]:
    """By code: first the file or the invoice, where rows name one."""
    told = {
        **{code: column != NONE for code, column in found.more.items() if code in RECORDS},
        "company": found.company != NONE,
        "site": found.site != NONE,
        "space": found.space != NONE,
        "lease": found.letting != NONE,
        "start": np.ones(len(found), np.bool_),
        "last_day": found.end < OPEN,
    }
    return _heads(told, _WHO)


def more(found: Rows) -> dict[str, Head]:
    told = {
        shown_code(code): _is_told(code, column)
        for code, column in found.more.items()
        if code not in RECORDS
    }
    return _heads(told, MORE)


def is_number(code: str) -> bool:
    return code not in RECORDS and code != "outcome" and not code.endswith("_on")


def _heads(told: Mapping[str, Bools], titles: Mapping[str, Any]) -> dict[str, Head]:
    return {
        code: Head(str(titles[code]), code in MORE and is_number(code))
        for code, of_row in told.items()
        if np.any(of_row) or not len(of_row)
    }


def _is_told(code: str, column: Ints) -> Bools:
    told: Bools = np.ones(len(column), np.bool_)
    if code.endswith(_MAY_BE_NONE):
        told = column != NONE
    elif code.endswith("_on"):
        told = (column > NEVER) & (column < OPEN)
    return told
