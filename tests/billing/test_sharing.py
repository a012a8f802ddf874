"""A payment over open items: the oldest first, with what is kept back, closed to the centime."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.sharing import OpenItem, Portion, expected, oldest_first, part_of

CENTIMES = st.integers(1, 10_000_000).map(lambda n: Decimal(n).scaleb(-2))


def test_rent_1000_and_vat_200_are_settled_by_1150_paid_and_50_withheld() -> None:
    kept = expected(Decimal(1000), Decimal(5), Decimal(1200), Decimal(1200))
    assert kept == Decimal(50)
    item = OpenItem(7, Decimal(1200), (kept,))
    assert oldest_first(Decimal(1150), [item]) == [Portion(7, Decimal(1150), (Decimal(50),))]


def test_each_payment_has_the_rate_of_its_own_day() -> None:
    """Half was paid when nothing was withheld yet; of the other half 5 % is, whatever the first
    half kept back. Credited whole, nothing is."""
    assert expected(Decimal(1000), Decimal(5), Decimal(600), Decimal(1200)) == Decimal(25)
    assert expected(Decimal(1000), Decimal(5), Decimal(700), Decimal(600)) == Decimal(50)
    assert expected(Decimal(0), Decimal(5), Decimal(200), Decimal(0)) == Decimal(0)
    assert expected(Decimal(1000), Decimal(100), Decimal(900), Decimal(900)) == Decimal(900)


def test_who_pays_all_keeps_nothing_back() -> None:
    item = OpenItem(7, Decimal(1200), (Decimal(50),))
    assert part_of(item, Decimal(1200)) == Portion(7, Decimal(1200), (Decimal(0),))
    assert part_of(item, Decimal(1170)) == Portion(7, Decimal(1170), (Decimal(30),))
    with pytest.raises(ValueError, match="more than is open"):
        part_of(item, Decimal("1200.01"))


def test_what_is_just_all_that_is_open_was_paid_whole() -> None:
    """Nobody pays 50 too much and keeps 50 back: no certificate is to be waited for."""
    items = [OpenItem(7, Decimal(1200), (Decimal(50),)), OpenItem(8, Decimal(600), (Decimal(25),))]
    one, both = Portion(7, Decimal(1200)), Portion(8, Decimal(600))
    assert oldest_first(Decimal(1200), items) == [one]
    assert oldest_first(Decimal(1800), items) == [one, both]
    assert oldest_first(Decimal(1725), items)[1] == Portion(8, Decimal(575), (Decimal(25),))
    # As well what is to be paid of both.
    other = [items[0], OpenItem(8, Decimal(50))]
    assert oldest_first(Decimal(1200), other)[0] == Portion(7, Decimal(1150), (Decimal(50),))


@given(st.lists(CENTIMES, min_size=1, max_size=6), st.data())
def test_parts_close_an_item_to_the_centime(pays: list[Decimal], data: st.DataObject) -> None:
    """However many payments it takes, the last one closes what is paid and what is kept back."""
    whole = sum(pays, Decimal(0))
    kept = data.draw(st.integers(0, 2_000_000).map(lambda n: Decimal(n).scaleb(-2)))
    left, to_keep = whole + kept, kept
    for paid in pays:
        portion = part_of(OpenItem(1, left, (to_keep,)), paid)
        assert portion.paid == paid
        assert Decimal(0) <= portion.withheld[0] <= to_keep
        left -= paid + portion.withheld[0]
        to_keep -= portion.withheld[0]
    assert (left, to_keep) == (Decimal(0), Decimal(0))


@given(CENTIMES, st.lists(CENTIMES, max_size=8))
def test_the_oldest_are_settled_first_and_nothing_is_lost(
    amount: Decimal, opens: list[Decimal]
) -> None:
    items = [OpenItem(position, each) for position, each in enumerate(opens)]
    shares = oldest_first(amount, items)
    used = sum((share.paid for share in shares), Decimal(0))
    assert used == min(amount, sum(opens, Decimal(0)))
    assert [share.invoice_id for share in shares] == list(range(len(shares)))
    assert all(share.paid == opens[share.invoice_id] for share in shares[:-1])
