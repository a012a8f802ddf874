"""A tenant's account and the ageing as staff and programs read them."""

import datetime as dt
import re
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from accounts.choices import Role
from billing.choices import CreditKind, PaymentMethod
from billing.models import Account, Invoice, Payment, WithholdingRule
from billing.services.cheques import bounce_cheque
from billing.services.crediting import credit_all
from billing.services.payments import record_payment
from billing.services.sales import SaleLine, issue_sale
from core.periods import Period
from sites.models import Lessor, Site
from tenants.models import Company
from tests.factories import bills, clients, doors, scene, tenancies

pytestmark = pytest.mark.django_db
day = dt.date


def on(month: int, number: int) -> Any:
    return time_machine.travel(dt.datetime(2026, month, number, 12, tzinfo=dt.UTC), tick=False)


@pytest.fixture(autouse=True)
def _in_march() -> Any:
    with on(3, 31):
        yield


@pytest.fixture
def site() -> Site:
    return bills.site(starts_on=day(2026, 1, 1))


def sold(site: Site, company: Company, price: str) -> Invoice:
    lines = [SaleLine("Salle", Decimal(price))]
    return issue_sale(site=site, company=company, lines=lines, acting_user=None)


def paid(site: Site, company: Company, amount: str, at: dt.date, **given: Any) -> Payment:
    return record_payment(
        site=site, company=company, received_on=at, amount=Decimal(amount), acting_user=None,
        method=given.pop("method", PaymentMethod.TRANSFER), **given,
    )  # fmt: skip


@pytest.fixture
def account(site: Site) -> Account:
    """January: 120, a cheque of 100 that bounces. February: 240 cancelled once it was paid. March:
    600, of which 75 of VAT are withheld with what is paid."""
    company = scene.company("Atlas Data")
    with on(1, 5):
        tenancies.active(site, scene.office(site), company=company)
        sold(site, company, "100")
        cheque = paid(site, company, "100", day(2026, 1, 5), method=PaymentMethod.CHEQUE)
    with on(1, 20):
        bounce_cheque(payment=cheque, on=day(2026, 1, 19), reason="Vide", acting_user=None)
    with on(2, 10):
        second = sold(site, company, "200")
        paid(site, company, "240", day(2026, 2, 10), shares=(), reference="VIR 7")
    with on(2, 20):
        credit_all(invoice=second, kind=CreditKind.CANCELLING, reason="Erreur", acting_user=None)
    WithholdingRule.objects.create(
        company=company, kind="vat", period=Period(day(2026, 3, 1)), rate=Decimal(75)
    )
    with on(3, 1):
        sold(site, company, "500")
        paid(site, company, "100", day(2026, 3, 2) - dt.timedelta(1), reference="VIR 8")
    return Account.objects.get()


LINES = [
    ("2026-01-05", "invoice", "120.00", None, "120.00"),
    ("2026-01-05", "payment", None, "100.00", "20.00"),
    ("2026-01-19", "bounced", "100.00", None, "120.00"),
    ("2026-02-10", "invoice", "240.00", None, "360.00"),
    ("2026-02-10", "payment", None, "240.00", "120.00"),
    ("2026-02-20", "credit", None, "240.00", "-120.00"),
]


def test_programs_read_the_ledger_as_it_ran(site: Site, account: Account) -> None:
    client = clients.client(Role.FINANCE_OFFICER, site)
    path = f"/api/v1/accounts/{account.company_id}/ledger/"
    told = client.get(f"{path}?from=2026-01-01&to=2026-02-28").json()
    assert (told["from"], told["to"], told["opening"]) == ("2026-01-01", "2026-02-28", "0.00")
    seen = [(row["on"], row["kind"], row["debit"], row["credit"], row["balance"])
            for row in told["lines"]]  # fmt: skip
    assert seen == LINES
    assert (told["closing"], told["elsewhere"]) == ("-120.00", False)
    march = client.get(f"{path}?from=2026-03-01").json()
    assert march["opening"] == "-120.00"
    assert [row["kind"] for row in march["lines"]] == ["invoice", "payment", "withheld"]
    row = client.get(f"/api/v1/accounts/?company={account.company_id}").json()["results"][0]
    assert row["balance"] == march["closing"] == march["lines"][-1]["balance"]
    assert Decimal(row["awaiting_certificate"]) == Decimal(march["lines"][-1]["credit"])
    assert (row["deposit"], row["lessor"]) == ("2000.00", "lessor")
    pdf = client.get(f"/api/v1/accounts/{account.company_id}/statement/?language=ar")
    assert (pdf.status_code, pdf["Content-Type"], pdf.content[:4]) == (200, "application/pdf",
                                                                       b"%PDF")  # fmt: skip
    for wrong in ("?from=2026-04-01&to=2026-01-01", "?from=hier", "?language=es"):
        assert (
            client.get(f"/api/v1/accounts/{account.company_id}/statement/{wrong}").status_code
            == 400
        )


def test_a_hub_without_any_account_is_told_so(site: Site) -> None:
    """And words that no text of the database may hold name no lessor."""
    client = clients.client(Role.FINANCE_OFFICER, site)
    assert client.get("/api/v1/accounts/").json()["results"] == []
    assert client.get("/api/v1/ageing/").json()["results"] == []
    for path in (
        "journals/pieces/?journal=sales&month=2026-01-01",
        "vat-returns/due/?month=2026-01",
    ):
        assert client.get(f"/api/v1/{path}&lessor=a%00b").status_code in {400, 404}
    unnamed = client.post("/api/v1/bank-statements/?lessor=a%00b&name=x.csv", b"x",
                          content_type="text/csv")  # fmt: skip
    assert unnamed.status_code == 400


def test_where_there_are_two_lessors_one_is_named(site: Site, account: Account) -> None:
    other = bills.site("RAB", starts_on=day(2026, 1, 1))
    marks = {"name": "Other", "legal_form": "SA", **scene.MARKS}
    other.lessor = Lessor.objects.create(code="other", **marks)
    other.save()
    bills.billing(other, starts_on=day(2026, 1, 1))
    paid(other, account.company, "10", day(2026, 3, 1), shares=())
    client = clients.client(Role.FINANCE_OFFICER)
    path = f"/api/v1/accounts/{account.company_id}/ledger/"
    (told,) = client.get(path).json()["errors"]["lessor"]
    assert told.endswith("lessor, other.")
    assert client.get(f"{path}?lessor=other").json()["closing"] == "-10.00"
    assert client.get(f"{path}?lessor=none").status_code == 404
    # What is behind a figure of the one is none of the other's.
    sold(other, account.company, "10")
    staff = doors.staff_client(Role.FINANCE_OFFICER)
    page = staff.get(reverse("admin:billing_account_change", args=[account.pk])).content.decode()
    links = re.findall(r'href="(/staff/billing/ageing/invoices/[^"]+)"', page)
    behind = [staff.get(link.replace("&amp;", "&")).content.decode() for link in links]
    numbers = {number for rows in behind for number in re.findall(r"(\w+)-F2026-\d{6}", rows)}
    assert numbers == {"LESSOR"}
    assert staff.get(reverse("admin:ageing_invoices"), {"company": "9999"}).status_code == 404


def test_programs_read_the_ageing_of_any_day(site: Site, account: Account) -> None:
    client = clients.client(Role.AUDITOR, site)
    told = client.get("/api/v1/ageing/?on=2026-02-14&site=CAS").json()
    assert told["results"] == [
        {"company": {"id": account.company_id, "name": "Atlas Data"}, "site": "CAS",
         "lessor": "lessor", **told["total"]}
    ]  # fmt: skip
    assert told["total"] == {
        "not_due": "240.00", "days_1_30": "120.00", "days_31_60": "0.00", "days_61_90": "0.00",
        "days_over_90": "0.00", "overdue": "120.00", "open": "360.00", "credit": "240.00",
        "balance": "120.00", "awaiting_certificate": "0.00", "deposit": "2000.00",
    }  # fmt: skip
    assert [row.pop("site") for row in told["sites"]] == ["CAS"]
    assert client.get("/api/v1/ageing/?site=RAB").status_code == 400
    assert clients.client(Role.ADMISSIONS_OFFICER, site).get("/api/v1/ageing/").status_code == 403


def test_a_site_sees_its_lines_and_is_told_of_others(site: Site, account: Account) -> None:
    other = bills.site("RAB", starts_on=day(2026, 1, 1))
    sold(other, account.company, "1000")
    address = reverse("admin:billing_account_change", args=[account.pk])
    pages, papers = {}, {}
    for where in (None, other, site):
        client = doors.staff_client(Role.FINANCE_OFFICER, where)
        pages[where] = client.get(address).content.decode()
        paper = client.get(reverse("admin:billing_account_statement", args=[account.pk])).content
        text = PdfReader(BytesIO(paper)).pages[0].extract_text()
        # Each line says of which site it is where there are several.
        papers[where] = (set(re.findall(r"\b(?:CAS|RAB)\b", text)), "autres sites" in text)
    assert papers == {None: ({"CAS", "RAB"}, False), other: (set(), True), site: (set(), True)}
    numbers = {pk: re.findall(r"LESSOR-[FA]2026-\d{6}", page) for pk, page in pages.items()}
    assert sorted(set(numbers[None])) == sorted({*numbers[site], *numbers[other]})
    assert set(numbers[site]) & set(numbers[other]) == set()
    told = [where for where, page in pages.items() if 'role="note"' in page]
    assert told == [other, site]
    assert "1 200,00" in pages[other].replace("\u202f", " ")
    client = doors.staff_client(Role.FINANCE_OFFICER, site)
    rows = set(re.findall(r'href="(/staff/billing/(?:invoice|payment)/\d+/change/)"', pages[site]))
    assert len(rows) == 8  # 3 invoices, a credit note, a cheque, 2 transfers, what was withheld
    assert {client.get(row).status_code for row in rows} == {200}
    entry = re.findall(r'href="(/staff/billing/payment/add/[^"]+)"', pages[site])
    assert 'value="Atlas Data' in client.get(entry[0]).content.decode()
    stranger = doors.staff_client(Role.FINANCE_OFFICER, scene.site("AGA"))
    assert stranger.get(address).status_code in {302, 403}


def test_a_figure_leads_to_its_invoices_and_they_to_the_account(
    site: Site, account: Account
) -> None:
    client = doors.staff_client(Role.FINANCE_OFFICER, site)
    page = client.get(f"{reverse('admin:ageing')}?on=2026-02-14").content.decode()
    links = re.findall(r'href="(/staff/billing/ageing/invoices/[^"]+)"', page)
    first = Invoice.objects.order_by("id")[0]
    for band in ("days_1_30", "overdue"):
        (behind,) = {link for link in links if "company=" in link and link.endswith(band)}
        rows = client.get(behind.replace("&amp;", "&")).content.decode()
        assert re.findall(r"LESSOR-F2026-\d{6}", rows) == [first.number]
    assert reverse("admin:billing_account_change", args=[account.pk]) in rows
    company = reverse("admin:tenants_company_change", args=[account.company_id])
    every = f"{reverse('admin:billing_account_changelist')}?company__id__exact={account.company_id}"
    assert every in client.get(company).content.decode()
    assert (
        reverse("admin:billing_account_change", args=[account.pk])
        in client.get(every).content.decode()
    )
    table = client.get(f"{reverse('admin:ageing')}?on=2026-02-14&format=csv").content.decode()
    head, line = table.lstrip("\ufeff").split()[:1], table.splitlines()[1]
    assert head[0].startswith("company_id,company,site,not_due")
    assert line.endswith("CAS,240.00,120.00,0.00,0.00,0.00,240.00,0.00,2000.00,120.00,120.00")
    assert doors.staff_client(Role.REVIEWER, site).get(reverse("admin:ageing")).status_code == 403


def test_pages_and_lists_ask_the_same_for_one_company_and_for_many(site: Site) -> None:
    staff = doors.staff_client(Role.FINANCE_OFFICER, site)
    program = clients.client(Role.FINANCE_OFFICER, site)
    asked: dict[str, list[int]] = {}
    for companies in (1, 4):
        for _each in range(companies):
            sold(site, scene.company(), "100")
        account = Account.objects.order_by("id")[0]
        for client, address in (
            (staff, reverse("admin:billing_account_changelist")),
            (staff, reverse("admin:billing_account_change", args=[account.pk])),
            (staff, reverse("admin:ageing")),
            (staff, reverse("admin:ageing_invoices")),
            (program, "/api/v1/accounts/"),
            (program, f"/api/v1/accounts/{account.company_id}/ledger/"),
            (program, "/api/v1/ageing/"),
        ):
            client.get(address)
            asked.setdefault(address, []).append(_queries(client, address))

    assert list(asked.values()) == [[7, 7], [10, 10], [7, 7], [6, 6], [3, 3], [5, 5], [5, 5]]


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
