"""What a bank's line most likely is, why, and what keeps a proposal from being sure."""

import datetime as dt
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.bank_facts import Book, Cheque, Claim, Entered, Line
from billing.bank_matching import Candidate, propose
from billing.choices import MatchAct as Act
from billing.sharing import Portion

DAY = dt.date(2026, 11, 5)
ATLAS, RIF, SOUSS = 1, 2, 3


def claim(pk: int, company: int, amount: int, **given: Any) -> Claim:
    number = f"MITC-F2026-{pk:06}"
    return replace(
        Claim(pk, number, company, Decimal(amount), DAY, f"CAS-2026-{company:04}", 2026, pk),
        **given,
    )


BOOK = Book(
    claims=[
        claim(1, ATLAS, 1200),
        claim(2, RIF, 1300),
        claim(3, RIF, 700),
        claim(4, RIF, 400),
        claim(5, SOUSS, 900),
        claim(6, ATLAS, 0),
        claim(7, SOUSS, 900, number="2019/0455", sequence=None),
    ],
    names={"atlas data": {ATLAS}, "atlas": {ATLAS}, "rif soft": {RIF}, "rif software": {SOUSS},
           "souss": {SOUSS}},
    cheques=[
        Cheque(11, ATLAS, Decimal(500), DAY, "0004567"),
        Cheque(12, RIF, Decimal(250), DAY, "88123"),
        Cheque(13, RIF, Decimal(90), DAY, "88124", cleared=DAY),
    ],
    entered=[Entered(21, RIF, Decimal(333), DAY, "VIR-9981")],
    refunds=[Entered(31, ATLAS, Decimal(60), DAY)],
    keeps=lambda pk, _day: (Decimal(50),) if pk == 1 else (),
)  # fmt: skip


def line(amount: int, words: str = "", payer: str = "", **given: Any) -> Line:
    return replace(Line(1, DAY, Decimal(amount), payer, "", words), **given)


def first(asked: Line, book: Book = BOOK) -> tuple[Any, ...] | None:
    """Act, company, sure, reasons, what is paid of which invoice."""
    (found,) = propose([asked], book).values()
    if not found:
        return None
    best = found[0]
    paid = {share.invoice_id: int(share.paid) for share in best.shares}
    return best.act.value, best.company_id, best.sure, " ".join(best.reasons), paid


def sure(company: int, reasons: str, paid: dict[int, int]) -> tuple[Any, ...]:
    return "pay", company, True, reasons, paid


def maybe(company: int, reasons: str, paid: dict[int, int]) -> tuple[Any, ...]:
    return "pay", company, False, reasons, paid


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        # The number, however it is written, with its amount.
        (line(1200, "VIR MITC F2026 000001 LOYER"), sure(ATLAS, "number amount", {1: 1200})),
        (line(1200, "mitcf2026000001"), sure(ATLAS, "number amount", {1: 1200})),
        (line(1200, "Facture F2026/1"), sure(ATLAS, "number amount", {1: 1200})),
        (line(900, "2019-0455"), sure(SOUSS, "number amount", {7: 900})),
        (line(1200, "ref2026000001"), maybe(ATLAS, "amount", {1: 1200})),
        (line(2000, "F2026-2 F2026-3"), sure(RIF, "number sum", {2: 1300, 3: 700})),
        # Less what the client keeps back.
        (line(1150, "F2026-1"), sure(ATLAS, "number amount less_withheld", {1: 1150})),
        # The number with another amount.
        (line(1000, "F2026-2"), maybe(RIF, "number partial", {2: 1000})),
        (line(5000, "F2026-2"), maybe(RIF, "number over", {2: 1300})),
        (line(1700, "F2026-2"), maybe(RIF, "number sum one_of_several", {2: 1300, 4: 400})),
        (line(1200, "F2026-6"), maybe(ATLAS, "number settled", {1: 1200})),
        # The name of who pays.
        (line(1200, payer="ATLAS DATA S.A.R.L."), sure(ATLAS, "name amount", {1: 1200})),
        (line(1200, "VIR RECU DE ATLAS DATA"), sure(ATLAS, "name amount", {1: 1200})),
        (line(1200, "VIR ATLAS"), maybe(ATLAS, "name amount one_of_several", {1: 1200})),
        (line(2400, payer="Rif Soft"), sure(RIF, "name all_open", {2: 1300, 3: 700, 4: 400})),
        (line(700, payer="Rif Soft"), maybe(RIF, "name amount one_of_several", {3: 700})),
        (line(1100, payer="Rif Soft"), maybe(RIF, "name sum one_of_several", {3: 700, 4: 400})),
        (line(100, payer="Rif Soft"), maybe(RIF, "name partial", {2: 100})),
        (line(2400, "CAS-2026-0002"), sure(RIF, "lease all_open", {2: 1300, 3: 700, 4: 400})),
        (line(1200, "F2026-1", payer="Rif Soft"),
         maybe(ATLAS, "number amount other_name", {1: 1200})),
        # The amount alone, and nothing.
        (line(400), maybe(RIF, "amount", {4: 400})),
        (line(77), None),
        (line(1200, "F2026-1", reversal=True),
         maybe(ATLAS, "number amount reversal", {1: 1200})),
        # What is in the books already.
        (line(500, "REM CHQ 4567"), ("clear", ATLAS, True, "cheque amount", {})),
        (line(500), ("clear", ATLAS, False, "amount", {})),
        (line(750), ("clear", ATLAS, False, "remittance", {})),
        (line(333, "VIR RIF SOFT"), ("seen", RIF, True, "entered amount name", {})),
        (line(333, day=DAY + dt.timedelta(days=8)), None),
        # Money that went out.
        (line(-500, "CHQ IMPAYE 4567"), ("bounce", ATLAS, False, "cheque amount takes_back", {})),
        (line(-90, "CHQ 88124"), ("bounce", RIF, False, "cheque amount takes_back", {})),
        (line(-90, "CHQ 88124", day=DAY - dt.timedelta(days=1)), None),
        (line(-90, "CHQ 88124", day=DAY + dt.timedelta(days=91)), None),
        (line(-500), None),
        (line(-60, payer="Atlas Data"), ("refund", ATLAS, True, "entered amount name", {})),
        (line(-60), ("refund", ATLAS, False, "entered amount", {})),
    ],
)  # fmt: skip
def test_a_line_is_what_it_says(asked: Line, expected: tuple[Any, ...] | None) -> None:
    assert first(asked) == expected


def test_what_is_withheld_goes_with_the_payment() -> None:
    (found,) = propose([line(1150, "F2026-1")], BOOK).values()
    assert found[0].shares == (Portion(1, Decimal(1150), (Decimal(50),)),)


def test_two_lines_for_one_invoice_are_both_doubtful_and_leave_others_sure() -> None:
    lines = [
        line(1200, "F2026-1"),
        line(1200, "F2026-1", id=2),
        line(1300, "F2026-2", id=3),
        line(500, "CHQ 4567", id=4),
    ]
    found = propose(lines, BOOK)
    assert {pk: " ".join(each[0].reasons) for pk, each in found.items()} == {
        1: "number amount contested",
        2: "number amount contested",
        3: "number amount",
        4: "cheque amount",
    }
    assert [each[0].sure for each in found.values()] == [False, False, True, True]


def test_what_came_that_day_already_is_perhaps_the_same_line_of_another_file() -> None:
    book = replace(BOOK, came={(ATLAS, Decimal(1200), DAY)})
    assert first(line(1200, "F2026-1"), book) == maybe(ATLAS, "number amount twin", {1: 1200})
    later = line(1200, "F2026-1", day=DAY + dt.timedelta(days=1))
    assert first(later, book) == sure(ATLAS, "number amount", {1: 1200})


def test_a_sum_is_looked_for_in_a_bounded_number_of_steps() -> None:
    claims = [claim(pk, RIF, 1000 + 2 * pk) for pk in range(1, 200)]
    book = Book(claims=claims, names={"rif soft": {RIF}})
    paid = {1: 1002, 2: 1004, 3: 1006, 4: 1008, 5: 981}
    asked = line(5001, payer="Rif Soft")
    assert first(asked, book) == maybe(RIF, "name partial", paid)


AMOUNTS = st.integers(1, 6).map(lambda n: n * 100)
CLAIMS = st.lists(st.tuples(st.sampled_from([ATLAS, RIF, SOUSS]), AMOUNTS), max_size=8)
WORDS = st.sampled_from(["", "F2026-1", "F2026-2 F2026-3", "atlas data", "souss", "CAS-2026-0002",
                         "CHQ 4567", "rif soft F2026-4"])  # fmt: skip
LINES = st.lists(st.tuples(AMOUNTS, WORDS, st.booleans()), max_size=12)


@given(CLAIMS, LINES, st.randoms())
def test_order_says_nothing_and_sure_lines_never_take_more_than_is_open(
    claims: list[tuple[int, int]], told: list[tuple[int, str, bool]], random: Any
) -> None:
    made = [claim(pk, company, amount) for pk, (company, amount) in enumerate(claims, start=1)]
    book = replace(BOOK, claims=made, keeps=lambda pk, _day: (Decimal(50),) if pk % 2 else ())
    lines = [
        line(amount if comes_in else -amount, words, id=pk)
        for pk, (amount, words, comes_in) in enumerate(told)
    ]
    found = propose(lines, book)
    random.shuffle(lines)
    random.shuffle(made)
    assert propose(lines, replace(book, claims=made)) == found
    certain: list[Candidate] = [each[0] for each in found.values() if each and each[0].sure]
    taken: dict[int, Decimal] = defaultdict(Decimal)
    for each in certain:
        for share in each.shares:
            taken[share.invoice_id] += share.paid + sum(share.withheld)
    assert all(taken[one.invoice_id] <= one.open for one in made)
    cheques = [pk for each in certain if each.act == Act.CLEAR for pk in each.payment_ids]
    assert len(cheques) == len(set(cheques))
    by_id = {one.id: one for one in lines}
    for pk, candidates in found.items():
        for each in candidates:
            paid = sum((share.paid for share in each.shares), Decimal(0))
            assert each.act != Act.PAY or paid <= by_id[pk].amount
        assert not any(each.sure for each in candidates[1:])
