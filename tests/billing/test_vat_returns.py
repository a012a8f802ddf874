"""VAT on collection and on invoice, worked out by hand."""

import datetime as dt
from decimal import Decimal

import pytest

from billing.choices import VatReason
from billing.vat_returns import (
    Advance,
    Counted,
    Document,
    OwnCredit,
    Party,
    Row,
    Settling,
    Taxed,
    advanced,
    collected,
    given_away,
    issued,
    part_of,
    totals,
)
from core.periods import Period

day = dt.date
D = Decimal
EVER = Period(day(2026, 1, 1))
FIRST = day(2026, 1, 1)
PARTY = Party("Argan Démo", "001")
ALWAYS = Counted(FIRST)


def document(*taxed: tuple[str, str, str], number: str = "F1") -> Document:
    return Document(number, FIRST, PARTY, tuple(Taxed(D(r), D(n), D(v)) for r, n, v in taxed))


def told(rows: list[Row]) -> list[tuple[str, str, str, str, str]]:
    return [
        (row.day.isoformat(), row.reason.value, str(row.rate), str(row.net), str(row.vat))
        for row in rows
    ]


def test_a_payment_in_parts_adds_up_to_the_invoice() -> None:
    invoice = document(("20", "100.00", "20.00"), ("10", "33.33", "3.33"))
    parts = [
        Settling(day(2026, 1, 10 + place), D(amount), f"P{place}", ALWAYS)
        for place, amount in enumerate(("52.22", "52.22", "52.22"))
    ]
    rows = collected(invoice, parts, [], EVER)
    assert told(rows) == [
        ("2026-01-10", "received", "20", "33.33", "6.67"),
        ("2026-01-10", "received", "10", "11.11", "1.11"),
        ("2026-01-11", "received", "20", "33.34", "6.66"),
        ("2026-01-11", "received", "10", "11.11", "1.11"),
        ("2026-01-12", "received", "20", "33.33", "6.67"),
        ("2026-01-12", "received", "10", "11.11", "1.11"),
    ]
    assert totals(rows) == [
        Taxed(D(20), D("100.00"), D("20.00")),
        Taxed(D(10), D("33.33"), D("3.33")),
    ]


def test_a_cheque_counts_when_cleared_and_is_taken_back_when_it_bounces() -> None:
    invoice = document(("20", "1000.00", "200.00"))
    on, cleared, bounced = day(2026, 1, 10), day(2026, 2, 3), day(2026, 3, 4)
    paid = Settling(on, D("1200.00"), "P1", Counted(None))
    assert collected(invoice, [paid], [], EVER) == []
    paid = Settling(on, D("1200.00"), "P1", Counted(cleared, bounced))
    back = Settling(bounced, D("-1200.00"), "P1", Counted(cleared, bounced))
    assert told(collected(invoice, [paid, back], [], EVER)) == [
        ("2026-02-03", "received", "20", "1000.00", "200.00"),
        ("2026-03-04", "taken_back", "20", "-1000.00", "-200.00"),
    ]
    march = Period(day(2026, 3, 1), day(2026, 4, 1))
    assert len(collected(invoice, [paid, back], [], march)) == 1
    # One that was never cleared was never counted.
    never = Counted(None, bounced)
    assert collected(invoice, [Settling(on, D(1200), "P1", never)], [], EVER) == []


def test_an_advance_bears_vat_when_received_and_gives_way_to_what_it_settles() -> None:
    advance = Advance("P1", FIRST, PARTY, D("1200.00"), D(20), ALWAYS)
    assert told(advanced(advance, [(day(2026, 2, 1), D("600.00"))], EVER)) == [
        ("2026-01-01", "advance", "20", "1000.00", "200.00"),
        ("2026-02-01", "taken_back", "20", "-500.00", "-100.00"),
    ]
    before = Advance("P1", FIRST, PARTY, D("1200.00"), D(20), ALWAYS, reported=True)
    assert told(advanced(before, [(FIRST, D("600.00"))], EVER)) == [
        ("2026-01-01", "taken_back", "20", "-500.00", "-100.00"),
    ]


def test_a_credit_of_one_rate_changes_what_was_paid_of_the_other() -> None:
    """850 of 1,700 was 100 of VAT; without the exempt half it is 141.67."""
    invoice = document(("20", "1000.00", "200.00"), ("0", "500.00", "0.00"))
    half = Settling(day(2026, 1, 10), D("850.00"), "P1", ALWAYS)
    note = OwnCredit(day(2026, 2, 1), D("500.00"), document(("0", "500.00", "0.00"), number="A1"))
    rows = collected(invoice, [half], [note], EVER)
    assert [(row.reason, row.vat) for row in rows if row.vat] == [
        (VatReason.RECEIVED, D("100.00")),
        (VatReason.CREDITED, D("41.67")),
    ]


def test_a_credit_of_a_paid_invoice_takes_back_its_vat_once_it_is_used() -> None:
    note = document(("20", "100.00", "20.00"), number="A1")
    assert given_away(note, [], [], EVER) == []
    assert told(given_away(note, [], [(day(2026, 2, 1), D("120.00"))], EVER)) == [
        ("2026-02-01", "credited", "20", "-100.00", "-20.00")
    ]


def test_on_invoice_it_falls_due_when_issued_and_credited() -> None:
    one = document(("20", "100.00", "20.00"))
    assert told([*issued(one, is_credit=False), *issued(one, is_credit=True)]) == [
        ("2026-01-01", "issued", "20", "100.00", "20.00"),
        ("2026-01-01", "credited", "20", "-100.00", "-20.00"),
    ]


@pytest.mark.parametrize("amount", ["0.00", "0.01", "77.77", "156.66"])
def test_a_part_adds_up_to_its_amount(amount: str) -> None:
    whole = document(("20", "100.00", "20.00"), ("10", "33.33", "3.33"), ("14", "-0.00", "0"))
    shares = part_of(whole.taxed, D(amount))
    assert sum((net + vat for net, vat in shares.values()), D(0)) == D(amount)
