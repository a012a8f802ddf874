"""Going live: open invoices, balances and deposits of the old system, whole or not at all."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from billing.choices import CreditKind, PaymentMethod, VatBasis, VatRhythm
from billing.errors.papers import OfOldSystem
from billing.models import Account, Invoice, MonthClosing, Payment
from billing.papers.stored import pdf_of
from billing.selectors.open_items import open_of
from billing.selectors.vat import vat_rows
from billing.services.crediting import credit_all
from billing.services.importing import BalanceImporter, OpenInvoiceImporter
from billing.services.payments import record_payment
from billing.services.vat import set_regime
from core.errors import NotAllowed
from core.imports import ControlTotalDiffers, ControlTotalNeeded, Importer, ImportRefused
from core.periods import Period, add_months
from leases.selectors.deposits import deposit_of
from leases.services.importing import DepositImporter
from sites.models import Site
from tests.factories import bills, doors, money, scene, tenancies
from tests.factories.files import imported, outcomes, planned

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 3, 9)
START = dt.date(2026, 11, 1)
SEPTEMBER, LAST = dt.date(2026, 9, 1), dt.date(2026, 9, 30)
IN_OCTOBER, IN_NOVEMBER = dt.date(2026, 10, 15), dt.date(2026, 11, 14)
INVOICES, BALANCES, DEPOSITS = OpenInvoiceImporter(), BalanceImporter(), DepositImporter()
HEAD = "number;site;company;lease;issued_on;due_on;net;vat_rate;vat;total;rent\n"
TWO = HEAD + (
    "2026/118;CAS;Atlas Démo;L1;01/09/2026;30/09/2026;1 000,00;20;;;oui\n"
    "2026/118;CAS;Atlas Démo;L1;01/09/2026;30/09/2026;100,00;20;20,01;120,01;non\n"
    "2026/119;CAS;Argan Démo;;15/10/2026;14/11/2026;;20;;99,99;\n"
)


def amounts(*dirhams: str) -> list[Decimal]:
    return [Decimal(amount) for amount in dirhams]


@pytest.fixture(autouse=True)
def _now() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def site() -> Site:
    made = bills.site(starts_on=START)
    atlas = scene.company("Atlas Démo")
    scene.company("Argan Démo")
    lease = tenancies.signed(made, scene.office(made), company=atlas, start=dt.date(2026, 1, 1))
    lease.number = "L1"
    lease.save(update_fields=["number"])
    return made


def test_open_invoices_come_in_whole_and_once(site: Site) -> None:
    with pytest.raises(ControlTotalNeeded):
        imported(INVOICES, TWO)
    with pytest.raises(ControlTotalDiffers) as differs:
        imported(INVOICES, TWO, control_total=Decimal("1420.01"))
    assert str(differs.value) == (
        "The file adds up to 1,420.00 MAD, the control total is 1,420.01 MAD: "
        "they differ by 0.01 MAD, so nothing is written."
    )
    assert Invoice.objects.count() == 0
    done = imported(INVOICES, TWO, control_total=Decimal(1420))
    assert (outcomes(done), done.made["invoices"]) == (
        [
            (2, "create", "Atlas Démo · 1,320.01\u00a0MAD"),
            (3, "create", ""),
            (4, "create", "Argan Démo · 99.99\u00a0MAD"),
        ],
        2,
    )
    rows = Invoice.objects.order_by("number").values_list(
        "number", "sequence", "lease__number", "issued_on", "due_on", "net", "vat", "total"
    )
    assert list(rows) == [
        ("2026/118", None, "L1", SEPTEMBER, LAST, *amounts("1100", "220.01", "1320.01")),
        ("2026/119", None, None, IN_OCTOBER, IN_NOVEMBER, *amounts("83.33", "16.66", "99.99")),
    ]
    first = Invoice.objects.get(number="2026/118")
    assert list(first.lines.values_list("kind", "label", "amount", "vat", "is_rent")) == [
        ("opening", "2026/118", Decimal(1000), Decimal(200), True),
        ("opening", "2026/118", Decimal(100), Decimal("20.01"), False),
    ]
    again = imported(INVOICES, TWO, control_total=Decimal(1420))
    assert [outcome for _line, outcome, _said in outcomes(again)] == ["unchanged"] * 3
    assert (Invoice.objects.count(), Account.objects.count()) == (2, 2)
    other = planned(INVOICES, TWO.replace("30/09/2026", "01/10/2026"))
    assert outcomes(other)[0][1:] == (
        "refused",
        "number: It is here with another due_on; an import changes no invoice.",
    )


def test_vat_of_what_is_brought_along_follows_the_regime_of_that_day(site: Site) -> None:
    """On invoice, the old system declared it; on collection it falls due with the money."""
    told: dict[str, Any] = {
        "lessor": site.lessor, "period": Period(START), "rhythm": VatRhythm.MONTH,
        "acting_user": None,
    }  # fmt: skip
    regime = set_regime(**told, basis=VatBasis.ISSUE)
    imported(INVOICES, TWO, control_total=Decimal(1420))
    invoice = Invoice.objects.get(number="2026/118")
    money.paid(site, invoice.company, "1320.01")
    november = Period(START, add_months(START, 1))
    assert vat_rows(site.lessor_id, november) == []
    set_regime(**told, basis=VatBasis.COLLECTION, regime=regime)
    assert sum(row.vat for row in vat_rows(site.lessor_id, november)) == Decimal("220.01")


def test_an_invoice_of_the_old_system_is_an_invoice_and_moves_no_series(site: Site) -> None:
    imported(INVOICES, TWO, control_total=Decimal(1420))
    old = Invoice.objects.get(number="2026/118")
    payment = record_payment(
        site=site,
        company=old.company,
        method=PaymentMethod.TRANSFER,
        received_on=START,
        amount=Decimal("320.01"),
        acting_user=None,
    )
    assert open_of([old.pk]) == {old.pk: Decimal(1000)}
    note = credit_all(invoice=old, kind=CreditKind.CANCELLING, reason="Double", acting_user=None)
    assert (note.number, note.sequence, note.total) == (
        "LESSOR-A2026-000001",
        1,
        Decimal("1320.01"),
    )
    assert (open_of([old.pk]), payment.allocations.count()) == ({old.pk: Decimal(0)}, 1)
    with pytest.raises(OfOldSystem):
        pdf_of(old)
    client = doors.staff_client(Role.FINANCE_OFFICER)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    shown = client.get(reverse("admin:billing_invoice_change", args=[old.pk])).content.decode()
    assert "It was issued by the old system: its paper is there." in shown
    assert reverse("admin:billing_invoice_pdf", args=[old.pk]) not in shown
    (first,) = Invoice.objects.filter(run=bills.issued(site, START))
    assert (first.number, first.issued_on) == ("LESSOR-F2026-000001", NOW.date())


def test_what_is_wrong_is_told_row_by_row(site: Site) -> None:
    scene.site("RAB")
    MonthClosing.objects.create(lessor=site.lessor, month=SEPTEMBER, closed_at=timezone.now())
    rows = HEAD + (
        "A;CAS;Atlas Démo;;01/09/2026;30/09/2026;10;20;;;\n"
        "B;CAS;Atlas Démo;;01/11/2026;30/11/2026;10;20;;;\n"
        "C;CAS;Atlas Démo;;02/10/2026;01/10/2026;10;20;;;\n"
        "D;CAS;Argan Démo;L1;01/10/2026;01/10/2026;10;20;;;\n"
        "E;CAS;Qui Démo;;01/10/2026;01/10/2026;10;20;1;;\n"
        "F;CAS;Atlas Démo;;01/10/2026;01/10/2026;10;20;1;;\n"
        "G;CAS;Atlas Démo;;01/10/2026;01/10/2026;0;20;;;\n"
        "H;RAB;Atlas Démo;;01/10/2026;01/10/2026;;20;;;\n"
        "LESSOR-F2026-000007;CAS;Atlas Démo;;01/10/2026;01/10/2026;10;20;;;\n"
        "J;CAS;Atlas Démo;;01/10/2026;01/10/2026;10;20;2;12,01;\n"
        "I;CAS;Atlas Démo;;01/10/2026;01/10/2026;10;20;;;\n"
        "I;CAS;Atlas Démo;;01/10/2026;02/10/2026;10;20;;;\n"
    )
    plan = planned(INVOICES, rows)
    assert [said for _line, _outcome, said in outcomes(plan)] == [
        "issued_on: The month 2026-09 is closed: reopen it first.",
        "issued_on: Billing here starts on 01/11/2026: only what is older is brought along.",
        "due_on: It is before the day of issue.",
        "lease: This lease is another company's.",
        "company: There is no such company.",
        "vat_rate: The amounts do not fit this rate.",
        "net: It must be more than 0.",
        "site: Site RAB has no billing start: set it first.",
        "number: Numbers like this one are given here: a later document would collide.",
        "total: It is not the sum of net and VAT.",
        ": Line 13 of the same invoice is refused.",
        "due_on: It differs from line 12 of the same invoice.",
    ]
    with pytest.raises(ImportRefused):
        imported(INVOICES, rows, control_total=plan.total, skip_bad=True)
    assert Invoice.objects.count() == 0


def test_balances_are_credit_that_settles_nothing_yet(site: Site) -> None:
    imported(INVOICES, TWO, control_total=Decimal(1420))
    text = (
        "site;company;amount;on;reference\nCAS;Atlas Démo;50,00;;\nCAS;Argan Démo;7;02/10/2026;x\n"
    )
    imported(BALANCES, text, control_total=Decimal(57))
    rows = Payment.objects.values_list("company__name", "method", "amount", "received_on")
    assert sorted(rows) == [
        ("Argan Démo", "balance", Decimal(7), dt.date(2026, 10, 2)),
        ("Atlas Démo", "balance", Decimal(50), dt.date(2026, 10, 31)),
    ]
    assert not Payment.objects.filter(allocations__isnull=False).exists()
    more = text.replace(";50,00;", ";51,00;") + "CAS;Argan Démo;7;02/10/2026;x\n"
    assert outcomes(planned(BALANCES, more)) == [
        (2, "refused", "amount: It is here with another amount; give another reference."),
        (3, "unchanged", ""),
        (4, "refused", "company: Line 3 is of the same site, company and reference."),
    ]


def test_deposits_held_are_entered_once(site: Site) -> None:
    text = "lease;amount;received_on\nL1;2000;05/01/2026\n"
    imported(DEPOSITS, text, control_total=Decimal(2000))
    (lease,) = site.leases.all()
    assert deposit_of(lease).held == Decimal(2000)
    again = imported(DEPOSITS, text, control_total=Decimal(2000))
    assert outcomes(again) == [(2, "unchanged", "")]
    bad = text + "L1;1;05/01/2026\nL9;1;05/01/2026\nL1;0;05/01/2027\n"
    assert [said for _line, _outcome, said in outcomes(planned(DEPOSITS, bad))][1:] == [
        "amount: A deposit of this lease is here with another amount or day.",
        "lease: There is no lease with this number.",
        "amount: It must be more than 0. received_on: The day has not come yet.",
    ]


@pytest.mark.parametrize("importer", [INVOICES, BALANCES, DEPOSITS])
def test_only_finance_brings_amounts_along_and_only_to_its_sites(
    site: Site, importer: Importer
) -> None:
    elsewhere = scene.site("RAB")
    files: dict[Importer, str] = {
        INVOICES: TWO,
        BALANCES: "site;company;amount\nCAS;Atlas Démo;50,00\n",
        DEPOSITS: "lease;amount;received_on\nL1;2000;05/01/2026\n",
    }

    def problems(user: User) -> set[str]:
        plan = planned(importer, files[importer], by=user)
        return {problem.reason for problem in plan.problems}

    assert problems(scene.staff(Role.FINANCE_OFFICER, site)) == set()
    assert problems(scene.staff(Role.FINANCE_OFFICER, elsewhere)) == {"You may not import for CAS."}
    with pytest.raises(NotAllowed):
        problems(scene.staff(Role.SITE_MANAGER, site))
