"""VAT on collection of random histories, against how things stand at the end of a day."""

from collections import defaultdict
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from billing.vat_returns import Row, totals
from core.periods import Period
from tests.billing.vat_history import EVER, History, day_of

D = Decimal


def _sums(rows: list[Row]) -> dict[Decimal, tuple[Decimal, Decimal]]:
    return {one.rate: (one.net, one.vat) for one in totals(rows) if one.net or one.vat}


@given(seed=st.integers(0, 10**6), until=st.integers(0, 12))
def test_periods_add_up_to_how_things_stand(seed: int, until: int) -> None:
    history = History(seed)
    parts = [Period(day_of(at), day_of(at + 3)) for at in range(0, until // 3 * 3, 3)]
    rows = [row for part in parts for row in history.rows(part)]
    assert _sums(rows) == history.stands(until // 3 * 3 - 1)
    every = history.rows(EVER)
    # What was received is what the bank has: gross of the return = money in less money out.
    money = sum((one["amount"] for one in history.payments
                 if one["window"][0] is not None and one["window"][1] is None), D(0))  # fmt: skip
    money -= sum((amount for _on, _kind, _at, amount in history.back), D(0))
    assert sum((row.net + row.vat for row in every), D(0)) == money


@given(seed=st.integers(0, 10**6))
def test_all_settled_and_cleared_it_is_what_was_billed(seed: int) -> None:
    history = History(seed)
    for one in history.payments:
        if one["window"][0] is None and one["window"][1] is None:
            one["window"] = (12, None)
    for i in range(len(history.invoices)):  # pay all, give all that is over back
        if left := history.open(i):
            history.payments.append({"amount": left, "cheque": False, "window": (12, None),
                                     "day": 12})  # fmt: skip
            history.given.append((12, "pay", len(history.payments) - 1, i, left))
    for kind, sources in (("note", history.notes), ("pay", history.payments)):
        for place in range(len(sources)):
            if free := history.free(kind, place):
                history.back.append((12, kind, place, free))
    billed: dict[Decimal, tuple[Decimal, Decimal]] = defaultdict(lambda: (D(0), D(0)))
    for sign, documents in ((1, history.invoices), (-1, history.notes)):
        for one in documents:
            for rate, (net, vat) in one["taxed"].items():
                had = billed[rate]
                billed[rate] = had[0] + sign * net, had[1] + sign * vat
    assert _sums(history.rows(EVER)) == {r: t for r, t in billed.items() if any(t)}
