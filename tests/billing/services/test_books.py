"""Journals, their files and the VAT return of a month that is closed."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from accounts.choices import Role
from billing.booking import Piece, balances
from billing.choices import (
    ClosingCheck,
    CreditKind,
    InvoiceKind,
    Journal,
    LedgerKey,
    PaymentMethod,
    VatBasis,
    VatRhythm,
    WithholdingKind,
)
from billing.errors import (
    BadRegime,
    MonthClosed,
    MonthDeclared,
    MonthNotOver,
    MonthsOpen,
    NothingToExport,
    NotReadyToClose,
    NotToClose,
    NotToReopen,
    VatDeclared,
)
from billing.models import (
    Allocation,
    ExportedPiece,
    Invoice,
    JournalExport,
    Payment,
    WithholdingRule,
)
from billing.selectors.closings import booked_in, unfinished
from billing.selectors.pieces import pieces_of
from billing.selectors.revenue import revenue
from billing.selectors.vat import vat_rows
from billing.services.allocating import allocate_oldest_first
from billing.services.cheques import bounce_cheque, clear_cheque
from billing.services.closing import check_open, close_month, reopen_month
from billing.services.crediting import Part, credit_all, credit_parts
from billing.services.documents import Draft, DraftLine, write_one
from billing.services.exporting import export_journal, set_account
from billing.services.payments import record_payment
from billing.services.refunds import refund
from billing.services.sales import SaleLine, issue_sale
from billing.services.vat import declare_vat, set_regime
from billing.services.withholding import keep_withholding
from billing.services.write_offs import approve_write_off, ask_write_off, mark_doubtful
from billing.vat_returns import totals
from core.errors import NotAllowed
from core.periods import Period
from leases.choices import DepositAct
from leases.services.deposits import enter_deposit
from sites.models import Site
from tests.factories import bills, money, scene, tenancies

day = dt.date
D = Decimal
pytestmark = pytest.mark.django_db
JANUARY = Period(day(2026, 1, 1), day(2026, 2, 1))
FEBRUARY = Period(day(2026, 2, 1), day(2026, 3, 1))
MONEY = (LedgerKey.BANK, LedgerKey.CASH, LedgerKey.CARD, LedgerKey.WITHHELD,
         LedgerKey.VAT_WITHHELD)  # fmt: skip


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC)) as moved:
        yield moved


@pytest.fixture
def site() -> Site:
    return bills.site(starts_on=day(2026, 1, 1))


def noon(on: dt.date) -> dt.datetime:
    return dt.datetime.combine(on, dt.time(12), dt.UTC)


def told(pieces: list[Piece]) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    return [
        (
            piece.kind.value,
            piece.event.day.isoformat(),
            [(entry.key.value, str(entry.debit), str(entry.credit)) for entry in piece.entries],
        )
        for piece in pieces
    ]


def lines(export: JournalExport) -> list[str]:
    with export.file.open() as file:
        return str(file.read(), "utf-8-sig").splitlines()


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
        export_journal(**again, layout="excel")
    second = export_journal(**again, layout="jdpbcat;,s", again=True)
    assert (second.again, ExportedPiece.objects.filter(again=True).count()) == (True, 1)
    assert lines(second)[1] == (f"VTE;100126;{sold.number};1200,00;;34210001;{party}")
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
        ("payment", "2026-01-10", [("withheld", "100.00", "0.00"), ("clients", "0.00", "100.00")]),
    ]  # fmt: skip
    clock.move_to(noon(day(2026, 1, 20)))
    bounce_cheque(payment=cheque, on=day(2026, 1, 20), reason="Sans provision", acting_user=None)
    assert told(pieces_of(lessor.pk, Journal.RECEIPTS, JANUARY))[2:] == [
        ("bounced", "2026-01-20", [("clients", "2300.00", "0.00"), ("advances", "10.00", "0.00"),
                                   ("cheques", "0.00", "2310.00")]),
        ("bounced", "2026-01-20", [("clients", "100.00", "0.00"), ("withheld", "0.00", "100.00")]),
    ]  # fmt: skip
    assert [(row.reason.value, row.vat) for row in vat_rows(lessor.pk, JANUARY)] == [
        ("received", D("16.67")), ("taken_back", D("-16.67")),
    ]  # fmt: skip
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


def test_a_closed_month_stays_as_it_is(site: Site, clock: Any) -> None:
    lessor, company = site.lessor, scene.company()
    issue_sale(site=site, company=company, lines=[SaleLine("Salle", D(1000))], acting_user=None)
    with pytest.raises(MonthNotOver):
        close_month(lessor=lessor, month=day(2026, 1, 1), acting_user=None)
    clock.move_to(noon(day(2026, 3, 2)))
    with pytest.raises(NotToClose, match="2026-01"):
        close_month(lessor=lessor, month=day(2026, 2, 1), acting_user=None)
    first = close_month(lessor=lessor, month=day(2026, 1, 1), acting_user=None, anyway=True)
    with pytest.raises(MonthClosed, match="01/02/2026"):
        record_payment(
            site=site, company=company, method=PaymentMethod.CASH, received_on=day(2026, 1, 31),
            amount=D(10), acting_user=None,
        )  # fmt: skip
    with pytest.raises(MonthClosed), transaction.atomic():
        check_open(lessor, day(2025, 6, 1))
    over = record_payment(
        site=site, company=company, method=PaymentMethod.CARD, received_on=day(2026, 3, 2),
        amount=D(5), shares=(), acting_user=None,
    )  # fmt: skip
    with connection.cursor() as cursor:
        for sql in (
            "INSERT INTO billing_payment (number, lessor_id, site_id, company_id, method,"
            " received_on, amount, stamp_duty, reference, bank, payer, note, made_at)"
            f" VALUES ('x', {lessor.pk}, {site.pk}, {company.pk}, 'card', '2026-01-15', 1, 0, '',"
            " '', '', '', now())",
            'INSERT INTO billing_refund (number, payment_id, amount, "on", method, reference,'
            f" reason, made_at) VALUES ('x', {over.pk}, 1, '2026-01-15', 'card', '', 'x', now())",
        ):
            with pytest.raises(DatabaseError, match="2026-01 is closed"), transaction.atomic():
                cursor.execute(sql)
    close_month(lessor=lessor, month=day(2026, 2, 1), acting_user=None, anyway=True)
    with pytest.raises(NotToReopen):
        reopen_month(closing=first, reason="Un oubli", acting_user=None)
    last = lessor.closings.get(month=day(2026, 2, 1))
    reopen_month(closing=last, reason="Un oubli", acting_user=None)
    reopen_month(closing=first, reason="Un oubli", acting_user=None)
    record_payment(
        site=site, company=company, method=PaymentMethod.CASH, received_on=day(2026, 1, 31),
        amount=D(10), acting_user=None,
    )  # fmt: skip
    close_month(lessor=lessor, month=day(2026, 1, 1), acting_user=None, anyway=True)
    declare_vat(lessor=lessor, day=day(2026, 1, 1), acting_user=None)
    with pytest.raises(MonthDeclared):
        reopen_month(closing=lessor.closings.closed().get(), reason="Un oubli", acting_user=None)


def test_only_who_may_at_all_sites_of_a_lessor_closes_it(site: Site, clock: Any) -> None:
    bills.site("RAB", starts_on=day(2026, 1, 1))
    clock.move_to(noon(day(2026, 2, 2)))
    half = scene.staff(Role.FINANCE_OFFICER, site)
    with pytest.raises(NotAllowed):
        close_month(lessor=site.lessor, month=day(2026, 1, 1), acting_user=half)
    with pytest.raises(NotAllowed):
        export_journal(
            lessor=site.lessor, journal=Journal.SALES, period=JANUARY, layout="sage",
            acting_user=scene.staff(Role.AUDITOR),
        )  # fmt: skip
    whole = scene.staff(Role.FINANCE_OFFICER)
    assert close_month(lessor=site.lessor, month=day(2026, 1, 1), acting_user=whole).pk


def test_on_invoice_credits_and_deposits(site: Site, clock: Any) -> None:
    lessor = site.lessor
    set_regime(
        lessor=lessor, period=Period(day(2026, 1, 1)), basis=VatBasis.ISSUE,
        rhythm=VatRhythm.QUARTER, acting_user=None,
    )  # fmt: skip
    lease = tenancies.active(site, scene.office(site), start=day(2026, 1, 10))
    bills.issued(site, day(2026, 1, 1))
    invoice = Invoice.objects.get()
    record_payment(
        site=site, company=lease.company, method=PaymentMethod.TRANSFER,
        received_on=day(2026, 1, 10), amount=invoice.total + 5, acting_user=None,
    )  # fmt: skip
    note = credit_all(invoice=invoice, kind=CreditKind.COMMERCIAL, reason="Geste", acting_user=None)
    sales = pieces_of(lessor.pk, Journal.SALES, JANUARY)
    assert [piece.kind.value for piece in sales] == ["invoice", "credit"]
    assert set(balances(sales).values()) == {D(0)}
    rows = vat_rows(lessor.pk, JANUARY)
    assert [(row.number, row.vat) for row in rows] == [
        (note.number, -invoice.vat), (invoice.number, invoice.vat),
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
        ("deposit", "2026-01-10", [("bank", "0.00", "100.00"), ("deposits", "100.00", "0.00")]),
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
    assert [one.vat for one in totals(rows)] == [D(0)]
    with pytest.raises(BadRegime, match="quarter"):
        set_regime(
            lessor=lessor, period=Period(day(2026, 2, 1)), basis=VatBasis.ISSUE,
            rhythm=VatRhythm.QUARTER, acting_user=None,
        )  # fmt: skip


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


def test_a_month_closed_anew_books_what_has_become_of_what_is_doubtful(
    site: Site, clock: Any, tmp_path: Any, settings: Any
) -> None:
    """The accountant has the first closing's piece: it stays, and the change is one more."""
    settings.MEDIA_ROOT = tmp_path
    lessor, company = site.lessor, scene.company()
    invoice = money.sale(site, company, "1000")
    mark_doubtful(invoice=invoice, reason="Introuvable", acting_user=None)
    clock.move_to(noon(day(2026, 2, 3)))
    january: dict[str, Any] = {"lessor": lessor, "month": day(2026, 1, 1), "anyway": True}
    closing = close_month(**january, acting_user=None)

    def exported() -> list[str]:
        made = export_journal(
            lessor=lessor, journal=Journal.SALES, period=JANUARY, layout="jabc;,i",
            acting_user=None,
        )  # fmt: skip
        return [line for line in lines(made)[1:] if "3424" in line]

    assert exported() == ["VTE;3424;1200,00;"]
    clock.shift(60)
    reopen_month(closing=closing, reason="Oubli", acting_user=None)
    money.paid(site, company, "200", received_on=day(2026, 1, 20))
    with pytest.raises(NothingToExport):
        exported()  # the month is open: it may change still
    close_month(**january, acting_user=None)
    assert exported() == ["VTE;3424;;200,00"]
    with pytest.raises(NothingToExport):
        exported()
    sales = pieces_of(lessor.pk, Journal.SALES, Period(day(2026, 1, 1), day(2026, 3, 1)))
    assert balances(sales)[LedgerKey.DOUBTFUL] == D(1000)
    assert [piece.settled for piece in sales] == [True] * 3


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
