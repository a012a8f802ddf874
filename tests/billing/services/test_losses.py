"""Money that does not come: bounced, doubtful, given up or a mistake, in the books."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from accounts.choices import Role
from billing.booking import balances
from billing.choices import (
    CreditKind,
    InvoiceKind,
    Journal,
    LedgerKey,
    PaymentMethod,
    WithholdingKind,
)
from billing.models import Invoice, WithholdingRule
from billing.selectors.pieces import pieces_of
from billing.selectors.revenue import revenue
from billing.selectors.vat import vat_rows
from billing.services.allocating import take_back
from billing.services.cheques import bounce_cheque, clear_cheque
from billing.services.crediting import Part, credit_all, credit_parts
from billing.services.documents import Draft, DraftLine, write_one
from billing.services.payments import record_payment
from billing.services.refunds import refund
from billing.services.withholding import keep_withholding
from billing.services.write_offs import approve_write_off, ask_write_off
from billing.sharing import Portion
from core.periods import Period
from sites.models import Site
from tests.billing.journals import FEBRUARY, JANUARY, D, day, noon, told
from tests.factories import bills, money, scene, tenancies

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC)) as moved:
        yield moved


@pytest.fixture
def site() -> Site:
    return bills.site(starts_on=day(2026, 1, 1))


def test_a_bounced_cheque_doubt_and_what_is_given_up(site: Site, clock: Any) -> None:
    """A cheque with what is withheld of the rent bounces: all of it is owed again, doubtful, and
    half of it is given up."""
    lessor = site.lessor
    lease = tenancies.active(site, scene.office(site), start=day(2026, 1, 1))
    rule = WithholdingRule(
        company=lease.company, kind=WithholdingKind.RENT, rate=D(5), period=Period(day(2026, 1, 1))
    )
    keep_withholding(rule=rule, acting_user=None)
    bills.issued(site, day(2026, 1, 1))
    invoice = Invoice.objects.get()
    cheque = record_payment(
        site=site, company=lease.company, method=PaymentMethod.CHEQUE,
        received_on=day(2026, 1, 10), amount=D(2310), acting_user=None,
    )  # fmt: skip
    assert told(pieces_of(lessor.pk, Journal.RECEIPTS, JANUARY)) == [
        ("payment", "2026-01-10", [("cheques", "2310.00", "0.00"), ("clients", "0.00", "2300.00"),
                                   ("advances", "0.00", "10.00")]),
        ("payment", "2026-01-10", [("awaited", "100.00", "0.00"), ("clients", "0.00", "100.00")]),
    ]  # fmt: skip
    clock.move_to(noon(day(2026, 1, 20)))
    bounce_cheque(payment=cheque, on=day(2026, 1, 20), reason="Sans provision", acting_user=None)
    assert told(pieces_of(lessor.pk, Journal.RECEIPTS, JANUARY))[2:] == [
        ("bounced", "2026-01-20", [("clients", "2300.00", "0.00"), ("advances", "10.00", "0.00"),
                                   ("cheques", "0.00", "2310.00")]),
        ("bounced", "2026-01-20", [("clients", "100.00", "0.00"), ("awaited", "0.00", "100.00")]),
    ]  # fmt: skip
    assert vat_rows(lessor.pk, JANUARY) == []  # none of it ever was money
    asker, decider = (scene.staff(Role.FINANCE_OFFICER, site) for _one in range(2))
    asked = ask_write_off(invoice=invoice, amount=D(1200), reason="Introuvable", acting_user=asker)
    clock.move_to(noon(day(2026, 2, 3)))
    approve_write_off(write_off=asked, acting_user=decider)
    sales = pieces_of(lessor.pk, Journal.SALES, Period(day(2026, 1, 1), day(2026, 3, 1)))
    assert told(sales)[1:] == [
        ("doubtful", "2026-01-31", [("doubtful", "2400.00", "0.00"),
                                    ("clients", "0.00", "2400.00")]),
        ("written_off", "2026-02-03", [("losses", "1000.00", "0.00"), ("vat", "200.00", "0.00"),
                                       ("clients", "0.00", "1200.00")]),
        ("doubtful", "2026-02-28", [("doubtful", "0.00", "1200.00"),
                                    ("clients", "1200.00", "0.00")]),
    ]  # fmt: skip
    # What may still change is exported once its month is closed.
    assert [piece.settled for piece in sales] == [True, False, True, False]


def test_what_is_withheld_with_a_cheque_counts_once_that_is_money(site: Site, clock: Any) -> None:
    """In the journals and the return alike; one that is handed back leaves it to be given back."""
    company = scene.company()
    rule = WithholdingRule(
        company=company, kind=WithholdingKind.VAT, rate=D(75), period=Period(day(2026, 1, 1))
    )
    keep_withholding(rule=rule, acting_user=None)
    first, second = (money.sale(site, company, net) for net in ("1000", "100"))
    cheque, other = (
        money.paid(site, company, amount, method=PaymentMethod.CHEQUE, shares=[
            Portion(invoice.pk, D(amount), (D(0), D(withheld))),
        ]) for invoice, amount, withheld in ((first, "1050", "150"), (second, "105", "15"))
    )  # fmt: skip
    assert vat_rows(site.lessor_id, JANUARY) == []
    clock.move_to(noon(day(2026, 2, 3)))
    clear_cheque(payment=cheque, on=day(2026, 2, 2), acting_user=None)
    take_back(invoice=second, source=other, reason="Rendu", acting_user=None)
    for source in (other, other.withheld.get()):
        refund(
            source=source, amount=source.amount, on=day(2026, 2, 3), acting_user=None,
            method=PaymentMethod(source.method), reason="Rendu",
        )  # fmt: skip
    assert [(row.day, row.reason.value, row.net + row.vat)
            for row in vat_rows(site.lessor_id, FEBRUARY)] == [
        (day(2026, 2, 2), "received", D(1050)),
        (day(2026, 2, 2), "received", D(150)),
    ]  # fmt: skip
    february = pieces_of(site.lessor_id, Journal.RECEIPTS, FEBRUARY)
    assert [each for each in told(february) if each[0] not in ("allocation", "refund")] == [
        ("cleared", "2026-02-02", [("bank", "1050.00", "0.00"), ("cheques", "0.00", "1050.00")]),
        ("withheld", "2026-02-02", [("vat_withheld", "150.00", "0.00"),
                                    ("awaited", "0.00", "150.00")]),
        ("withheld", "2026-02-03", [("vat_withheld", "15.00", "0.00"),
                                    ("awaited", "0.00", "15.00")]),
    ]  # fmt: skip
    january = pieces_of(site.lessor_id, Journal.RECEIPTS, JANUARY)
    found = balances([*january, *february])
    assert {key: amount for key, amount in found.items() if amount} == {
        LedgerKey.BANK: 1050, LedgerKey.VAT_WITHHELD: 150, LedgerKey.CLIENTS: -1200,
    }  # fmt: skip
    # Bounced after all, it takes along what was withheld with it.
    clock.move_to(noon(day(2026, 3, 2)))
    bounce_cheque(payment=cheque, on=day(2026, 3, 2), reason="Opposition", acting_user=None)
    march = Period(day(2026, 3, 1), day(2026, 4, 1))
    rows = vat_rows(site.lessor_id, march)
    assert sum(row.net + row.vat for row in rows) == -1200
    found = balances(pieces_of(site.lessor_id, Journal.RECEIPTS, march))
    assert found == {
        LedgerKey.CLIENTS: 1200, LedgerKey.BANK: -1050, LedgerKey.VAT_WITHHELD: -150,
    }  # fmt: skip


def test_a_balance_that_was_a_mistake_leaves_no_trace_in_vat_and_revenue(
    site: Site, clock: Any
) -> None:
    """What of it was used before stays used; what is truly given back is money that goes out."""
    company = scene.company()
    money.sale(site, company, "500")
    balance = money.paid(site, company, "2400", method=PaymentMethod.BALANCE)
    clock.move_to(noon(day(2026, 2, 3)))
    for amount, method in ((D(1200), PaymentMethod.BALANCE), (D(600), PaymentMethod.TRANSFER)):
        refund(
            source=balance, amount=amount, on=day(2026, 2, 3), method=method, reason="Erreur",
            acting_user=None,
        )  # fmt: skip
    january, february = (vat_rows(site.lessor.pk, each) for each in (JANUARY, FEBRUARY))
    assert [(row.reason.value, row.vat) for row in january] == [
        ("received", D("100.00")), ("taken_back", D("-100.00")),
    ]  # fmt: skip
    assert [(row.reason.value, row.vat) for row in february] == [("taken_back", D("-100.00"))]
    found = balances(pieces_of(site.lessor.pk, Journal.RECEIPTS, FEBRUARY))
    assert found[LedgerKey.BANK] == sum(row.net + row.vat for row in february)
    officer = scene.staff(Role.FINANCE_OFFICER)
    told = revenue(officer, first=day(2026, 2, 1), last=day(2026, 2, 1))
    assert [row.collected for row in told.values()] == [D(-600)]


def test_what_is_given_up_takes_back_the_vat_that_is_left_and_no_more(site: Site) -> None:
    """What bore VAT was cancelled or paid before: nothing of it is left in what is given up."""
    lessor, company = site.lessor, scene.company()
    draft = Draft(InvoiceKind.INVOICE, company.pk)
    for rate in (D(20), D(10), D(0)):
        draft.lines.append(
            DraftLine(
                kind="sale", unit="sale", rate=D(1000), amount=D(1000), vat_rate=rate,
                vat=rate * 10, vat_ground="" if rate else "exonéré",
            )
        )  # fmt: skip
    invoice = write_one(draft, site=site, payment_days=10, acting_user=None)
    first = invoice.lines.order_by("position")[0]
    credit_parts(
        invoice=invoice, parts=[Part(first.pk)], kind=CreditKind.CANCELLING, reason="Erreur",
        acting_user=None,
    )  # fmt: skip
    money.paid(site, company, "700")
    asker, decider = (scene.staff(Role.FINANCE_OFFICER, site) for _one in range(2))
    given: list[dict[str, Any]] = [{"amount": D("333.33")}, {}]
    for part in given:
        asked = ask_write_off(invoice=invoice, reason="Perdu", acting_user=asker, **part)
        approve_write_off(write_off=asked, acting_user=decider)
    sales = pieces_of(lessor.pk, Journal.SALES, JANUARY)
    declared = sum(row.vat for row in vat_rows(lessor.pk, JANUARY))
    assert declared == D("33.33")
    # What is left on the account of VAT is what the return declares.
    assert balances(sales)[LedgerKey.VAT] == -declared
    assert balances(sales)[LedgerKey.LOSSES] == D(1400) - (100 - declared)


def test_nobody_is_credited_for_what_was_given_up(site: Site) -> None:
    """An invoice of which a part was paid and the rest given up is cancelled after all."""
    company = scene.company()
    invoice = money.sale(site, company, "1000")
    money.paid(site, company, "200")
    asker, decider = (scene.staff(Role.FINANCE_OFFICER, site) for _one in range(2))
    asked = ask_write_off(invoice=invoice, reason="Perdu", acting_user=asker)
    approve_write_off(write_off=asked, acting_user=decider)
    note = credit_all(
        invoice=invoice, kind=CreditKind.CANCELLING, reason="Erreur", acting_user=None
    )
    assert [*money.opened(invoice), money.free_of(note)] == [0, 200]
    refund(source=note, amount=D(200), on=day(2026, 1, 10), method=PaymentMethod.TRANSFER,
           reason="Annulée", acting_user=None)  # fmt: skip
    pieces = [
        piece for each in (Journal.SALES, Journal.RECEIPTS)
        for piece in pieces_of(site.lessor_id, each, JANUARY)
    ]  # fmt: skip
    assert {key for key, amount in balances(pieces).items() if amount} == set()
    assert sum(row.vat for row in vat_rows(site.lessor_id, JANUARY)) == 0
