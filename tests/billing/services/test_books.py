"""Journals, their files and the VAT return of a month that is closed."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from billing.booking import balances
from billing.choices import (
    ClosingCheck,
    CreditKind,
    Journal,
    LedgerKey,
    PaymentMethod,
    VatBasis,
    VatRhythm,
)
from billing.errors.books import (
    BadRegime,
    MonthsOpen,
    NothingToExport,
    NotReadyToClose,
    VatDeclared,
)
from billing.models import Allocation, ExportedPiece, Invoice, JournalExport, Payment
from billing.selectors.closings import booked_in, unfinished
from billing.selectors.pieces import pieces_of
from billing.selectors.vat import vat_rows
from billing.services.allocating import allocate_oldest_first
from billing.services.cheques import clear_cheque
from billing.services.closing import close_month, reopen_month
from billing.services.crediting import credit_all
from billing.services.exporting import export_journal, set_account
from billing.services.payments import record_payment
from billing.services.refunds import refund
from billing.services.sales import SaleLine, issue_sale
from billing.services.vat import declare_vat, set_regime
from billing.vat_returns import totals
from core.periods import Period
from leases.choices import DepositAct
from leases.services.deposits import enter_deposit
from sites.models import Site
from tests.billing.journals import FEBRUARY, JANUARY, D, day, lines, noon, told
from tests.factories import bills, scene, tenancies

pytestmark = pytest.mark.django_db
MONEY = (LedgerKey.BANK, LedgerKey.CASH, LedgerKey.CARD, LedgerKey.WITHHELD,
         LedgerKey.VAT_WITHHELD)  # fmt: skip


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC)) as moved:
        yield moved


@pytest.fixture
def site() -> Site:
    return bills.site(starts_on=day(2026, 1, 1))


def test_what_happened_is_booked_exported_once_and_declared(
    site: Site, clock: Any, tmp_path: Any, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    lessor, company = site.lessor, scene.company("=Argan Démo")
    sold = issue_sale(
        site=site, company=company, lines=[SaleLine("Salle", D(1000))], acting_user=None
    )
    clock.move_to(noon(day(2026, 1, 12)))

    def pay(method: PaymentMethod, amount: str, **given: Any) -> Payment:
        return record_payment(
            site=site, company=company, method=method, received_on=day(2026, 1, 12),
            amount=D(amount), acting_user=None, **given,
        )  # fmt: skip

    pay(PaymentMethod.TRANSFER, "500")
    cheque = pay(PaymentMethod.CHEQUE, "800")
    assert told(pieces_of(lessor.pk, Journal.SALES, JANUARY)) == [
        ("invoice", "2026-01-10", [("clients", "1200.00", "0.00"), ("services", "0.00", "1000.00"),
                                   ("vat", "0.00", "200.00")]),
    ]  # fmt: skip
    assert told(pieces_of(lessor.pk, Journal.RECEIPTS, JANUARY)) == [
        ("payment", "2026-01-12", [("bank", "500.00", "0.00"), ("clients", "0.00", "500.00")]),
        ("payment", "2026-01-12", [("cheques", "800.00", "0.00"), ("clients", "0.00", "700.00"),
                                   ("advances", "0.00", "100.00")]),
    ]  # fmt: skip
    # The cheque is no money yet.
    (row,) = vat_rows(lessor.pk, JANUARY)
    assert (row.number, row.net, row.vat, row.party.name) == (
        sold.number, D("416.67"), D("83.33"), "=Argan Démo",
    )  # fmt: skip

    # February: it is cleared; what is over settles another invoice.
    clock.move_to(noon(day(2026, 2, 3)))
    clear_cheque(payment=cheque, on=day(2026, 2, 3), acting_user=None)
    issue_sale(site=site, company=company, lines=[SaleLine("Badge", D(50))], acting_user=None)
    allocate_oldest_first(source=cheque, acting_user=None)
    found = pieces_of(lessor.pk, Journal.RECEIPTS, FEBRUARY)
    assert told(found) == [
        ("allocation", "2026-02-03", [("advances", "60.00", "0.00"), ("clients", "0.00", "60.00")]),
        ("cleared", "2026-02-03", [("bank", "800.00", "0.00"), ("cheques", "0.00", "800.00")]),
    ]  # fmt: skip
    rows = vat_rows(lessor.pk, FEBRUARY)
    assert [(row.reason.value, row.vat) for row in rows] == [
        ("received", D("116.67")), ("received", D("10.00")), ("advance", D("6.67")),
    ]  # fmt: skip
    # The return adds up to the journal of receipts.
    assert sum(row.net + row.vat for row in rows) == sum(balances(found).get(k, 0) for k in MONEY)

    clock.move_to(noon(day(2026, 3, 2)))
    with pytest.raises(MonthsOpen):
        declare_vat(lessor=lessor, day=day(2026, 1, 1), acting_user=None)
    assert [
        (one.check, one.count)
        for one in unfinished(lessor, day(2026, 1, 1), booked_in(lessor.pk, day(2026, 1, 1)))
    ] == [(ClosingCheck.PIECES, 3)]
    with pytest.raises(NotReadyToClose):
        close_month(lessor=lessor, month=day(2026, 1, 1), acting_user=None)
    set_account(lessor=lessor, key=LedgerKey.CLIENTS, code="34210001", acting_user=None)
    export = export_journal(
        lessor=lessor, journal=Journal.SALES, period=JANUARY, layout="excel", acting_user=None
    )
    party = f"C{company.pk:06}"
    assert lines(export) == [
        "Journal;Date;Pièce;Compte;Tiers;Libellé;Débit;Crédit",
        f"VTE;10/01/2026;{sold.number};34210001;{party};Facture {sold.number} =Argan Démo;1200,00;",
        f"VTE;10/01/2026;{sold.number};71243;;Facture {sold.number} =Argan Démo;;1000,00",
        f"VTE;10/01/2026;{sold.number};4455;;Facture {sold.number} =Argan Démo;;200,00",
    ]
    again: dict[str, Any] = {
        "lessor": lessor,
        "journal": Journal.SALES,
        "period": JANUARY,
        "acting_user": None,
    }
    with pytest.raises(NothingToExport):
        export_journal(**again)
    second = export_journal(**again, layout="jdpbcat;,snw", again=True)
    assert (second.again, ExportedPiece.objects.filter(again=True).count()) == (True, 1)
    assert lines(second)[0] == (f"VTE;100126;{sold.number};1200,00;;34210001;{party}")
    assert JournalExport.objects.count() == 2
    for month in (1, 2):
        close_month(lessor=lessor, month=day(2026, month, 9), acting_user=None, anyway=True)
    kept = declare_vat(lessor=lessor, day=day(2026, 2, 20), acting_user=None)
    assert kept.totals == [{"rate": "20.00", "net": "666.66", "vat": "133.34"}]
    assert kept.rows[0]["source"] == cheque.number
    with pytest.raises(VatDeclared):
        declare_vat(lessor=lessor, day=day(2026, 2, 1), acting_user=None)
    with pytest.raises(BadRegime, match="declared"):
        set_regime(
            lessor=lessor, period=Period(day(2026, 1, 1)), basis=VatBasis.ISSUE,
            rhythm=VatRhythm.MONTH, acting_user=None,
        )  # fmt: skip


def test_on_invoice_credits_and_deposits(site: Site, clock: Any) -> None:
    lessor = site.lessor
    set_regime(
        lessor=lessor, period=Period(day(2026, 1, 1)), basis=VatBasis.ISSUE,
        rhythm=VatRhythm.QUARTER, acting_user=None,
    )  # fmt: skip
    lease = tenancies.active(site, scene.office(site), start=day(2026, 1, 10))
    bills.issued(site, day(2026, 1, 1))
    invoice = Invoice.objects.get()
    payment = record_payment(
        site=site, company=lease.company, method=PaymentMethod.TRANSFER,
        received_on=day(2026, 1, 10), amount=invoice.total + 5, acting_user=None,
    )  # fmt: skip
    note = credit_all(invoice=invoice, kind=CreditKind.COMMERCIAL, reason="Geste", acting_user=None)
    sales = pieces_of(lessor.pk, Journal.SALES, JANUARY)
    assert [piece.kind.value for piece in sales] == ["invoice", "credit"]
    assert set(balances(sales).values()) == {D(0)}
    rows = vat_rows(lessor.pk, JANUARY)
    # What was paid over is an advance, whatever the regime.
    assert [(row.number, row.vat) for row in rows] == [
        (note.number, -invoice.vat), (invoice.number, invoice.vat), (payment.number, D("0.83")),
    ]  # fmt: skip
    refund(
        source=note, amount=note.total, on=day(2026, 1, 10), method=PaymentMethod.TRANSFER,
        reason="Parti", acting_user=None,
    )  # fmt: skip
    receipts = pieces_of(lessor.pk, Journal.RECEIPTS, JANUARY)
    assert balances(receipts) == {
        LedgerKey.BANK: D("5.00"), LedgerKey.CLIENTS: D("0.00"), LedgerKey.ADVANCES: D("-5.00"),
    }  # fmt: skip
    enter_deposit(
        lease=lease, act=DepositAct.RETURNED, amount=D(100), on=day(2026, 1, 10), note="Trop",
        acting_user=None,
    )  # fmt: skip
    assert told(pieces_of(lessor.pk, Journal.DEPOSITS, JANUARY)) == [
        ("deposit", "2026-01-10", [("bank", "2000.00", "0.00"), ("deposits", "0.00", "2000.00")]),
        ("deposit", "2026-01-10", [("deposits", "100.00", "0.00"), ("bank", "0.00", "100.00")]),
    ]  # fmt: skip
    # Entered after its month was closed, one is booked when it is entered.
    clock.move_to(noon(day(2026, 2, 2)))
    closing = close_month(lessor=lessor, month=day(2026, 1, 1), acting_user=None, anyway=True)
    clock.shift(60)
    enter_deposit(
        lease=lease, act=DepositAct.RECEIVED, amount=D(100), on=day(2026, 1, 31), acting_user=None
    )
    assert len(pieces_of(lessor.pk, Journal.DEPOSITS, JANUARY)) == 2
    (late,) = pieces_of(lessor.pk, Journal.DEPOSITS, FEBRUARY)
    assert late.event.day == day(2026, 2, 2)
    # There it stays, a file may have it: reopening moves only what is entered from then on.
    clock.shift(60)
    reopen_month(closing=closing, reason="Oubli", acting_user=None)
    clock.shift(60)
    enter_deposit(
        lease=lease, act=DepositAct.RECEIVED, amount=D(50), on=day(2026, 1, 30), acting_user=None
    )
    assert [piece.debit for piece in pieces_of(lessor.pk, Journal.DEPOSITS, JANUARY)] == [
        D(2000), D(100), D(50),
    ]  # fmt: skip
    assert pieces_of(lessor.pk, Journal.DEPOSITS, FEBRUARY) == [late]
    assert Allocation.objects.count() == 1
    assert [one.vat for one in totals(rows)] == [D("0.83")]
    with pytest.raises(BadRegime, match="quarter"):
        set_regime(
            lessor=lessor, period=Period(day(2026, 2, 1)), basis=VatBasis.ISSUE,
            rhythm=VatRhythm.QUARTER, acting_user=None,
        )  # fmt: skip
