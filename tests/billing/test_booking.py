"""Pieces and layouts: what cannot be made."""

import datetime as dt
from decimal import Decimal

import pytest

from billing.booking import ACCOUNTS, Entry, Event, Piece, Unbalanced, invoiced
from billing.choices import Journal, LedgerKey, PieceKind
from billing.layouts import PRESETS, read

D = Decimal
EVENT = Event(1, dt.date(2026, 1, 10), "F1", 7, "Argan Démo")


def test_a_piece_that_does_not_balance_cannot_be_made() -> None:
    entries = (Entry(LedgerKey.BANK, D(5), D(0)), Entry(LedgerKey.CLIENTS, D(0), D(4)))
    with pytest.raises(Unbalanced, match="payment:1"):
        Piece(Journal.RECEIPTS, PieceKind.PAYMENT, "payment:1", EVENT, entries)


def test_what_is_given_back_changes_sides() -> None:
    """More discount than rent, and VAT at two rates."""
    piece = invoiced(
        EVENT, rent=D("-50.00"), services=D("150.00"), vat={D(20): D("15.00"), D(10): D("5.00")}
    )
    assert [(entry.key, entry.debit, entry.credit, entry.vat_rate) for entry in piece.entries] == [
        (LedgerKey.CLIENTS, D("120.00"), 0, None),
        (LedgerKey.RENT, D("50.00"), 0, None),
        (LedgerKey.SERVICES, 0, D("150.00"), None),
        (LedgerKey.VAT, 0, D("5.00"), D(10)),
        (LedgerKey.VAT, 0, D("15.00"), D(20)),
    ]


def test_every_amount_has_an_account() -> None:
    assert set(ACCOUNTS) == set(LedgerKey)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "excell",
        "abc",
        "abc;,f",
        "aabc;,fhu",
        "jdc;,fhu",
        "abc,,fhu",
        "abc;;fhu",
        "abc;,xhu",
        "abc;,fxu",
        "abc;,fhx",
        "xabc;,fhu",
    ],
)
def test_a_layout_that_says_too_little_is_none(written: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  whatever it says
        read(written)


def test_layouts_write_amounts_and_days() -> None:
    own = read("acbt;,snw")
    assert (own.amount(D("1234.5")), own.amount(D(0)), own.day(EVENT.day)) == (
        "1234,50",
        "",
        "100126",
    )
    assert (own.header, own.encoding) == (False, "cp1252")
    assert read("sage") is PRESETS["sage"]
