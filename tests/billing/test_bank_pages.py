"""Bank statements on the staff site: read, matched line by line or at once, each act explained."""

import base64
import datetime as dt
import re
import zlib
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from billing.choices import PaymentMethod
from billing.models import BankLine, BankStatement, CsvMapping, Invoice, Payment, Refund
from billing.selectors.open_items import open_of
from billing.services.refunds import refund
from billing.services.sales import SaleLine, issue_sale
from billing.services.statements import import_statement, keep_mapping
from sites.models import Site
from tenants.models import Company
from tests.billing.test_camt import BACK, BATCH, PLAIN, statement
from tests.factories import bills, doors, scene
from tests.factories.money import paid

pytestmark = pytest.mark.django_db
LIST = "/staff/billing/bankstatement/"
LINE = "/staff/billing/bankline/"
HEAD = "Date;Libellé;Montant\n"


@pytest.fixture(autouse=True)
def _in_november() -> Any:
    with time_machine.travel(dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def site() -> Site:
    return bills.site(starts_on=dt.date(2026, 1, 1))


@pytest.fixture
def finance(site: Site) -> Client:
    client = doors.staff_client(Role.FINANCE_OFFICER)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def sale(site: Site, name: str, price: str) -> Invoice:
    company = Company.objects.filter(name=name).first() or scene.company(name)
    lines = [SaleLine("Salle", Decimal(price))]
    return issue_sale(site=site, company=company, lines=lines, acting_user=None)


def read(site: Site, *rows: str) -> BankStatement:
    keep_mapping(
        lessor=site.lessor,
        name="BD",
        columns={"booked": "Date", "words": "Libellé", "amount": "Montant"},
        acting_user=None,
    )
    data = (HEAD + "\n".join(rows)).encode()
    return import_statement(
        lessor=site.lessor, name="novembre.csv", data=data, acting_user=None
    ).statement


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return unescape(response.content.decode())


def post(client: Client, path: str, **data: Any) -> str:
    """The page that is shown after it, in English."""
    response = client.post(path, data, follow=True)
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_the_columns_of_a_new_bank_are_chosen_once(site: Site, finance: Client) -> None:
    rows = "".join(f"{n:02}/11/2026|VIR {n}|{n},50\n" for n in range(1, 9))
    data = f"Banque du Détroit\nJour|Texte|Somme\n{rows}".encode("cp1252")
    file = SimpleUploadedFile("bd.csv", data)
    asked = post(finance, f"{LIST}add/", lessor=site.lessor_id, file=file)
    assert asked.count('<td dir="auto">VIR') == 5
    packed = re.search(r'name="packed" value="([^"]+)"', asked)
    assert packed is not None
    given = {"packed": packed[1], "lessor": site.lessor_id, "file_name": "bd.csv", "name": "BD",
             "delimiter": "|", "day_format": "%d/%m/%Y", "words": "Texte"}  # fmt: skip
    told = post(finance, f"{LIST}add/", **{**given, "delimiter": ";"}, look="1")
    assert "No header was found" in told
    assert told.count('<td dir="auto">VIR') == 5
    nothing = base64.b64encode(zlib.compress(b"x")).decode()
    assert "Choose the file again." in post(finance, f"{LIST}add/", **{**given, "packed": nothing})
    told = post(finance, f"{LIST}add/", **given)
    assert "Say which column has the day of booking." in told
    wrong = {**given, "words": "", "booked": "Jour", "amount": "Texte"}
    told = post(finance, f"{LIST}add/", **wrong)
    assert "Line 3, column “Texte”: “VIR 1” is not a number" in told
    assert (BankStatement.objects.count(), CsvMapping.objects.count()) == (0, 0)
    told = post(finance, f"{LIST}add/", **given, booked="Jour", amount="Somme")
    assert "8 lines are new." in told
    again = SimpleUploadedFile("bd2.csv", data.replace(b"8,50", b"9,50"))
    told = post(finance, f"{LIST}add/", lessor=site.lessor_id, file=again)
    assert "1 line is new. 7 lines were there already." in told


def test_a_bank_that_writes_its_days_otherwise_now_is_asked_for_its_columns_again(
    site: Site, finance: Client
) -> None:
    """Of two that fit, the columns that read more of the file are meant."""
    read(site, "02/11/2026;X;1,00")
    keep_mapping(lessor=site.lessor, name="Deux", columns={"booked": "Date", "amount": "Montant"},
                 acting_user=None)  # fmt: skip
    data = f"{HEAD}2026-11-03;Y;2,00".encode()
    told = post(finance, f"{LIST}add/", lessor=site.lessor_id,
                file=SimpleUploadedFile("decembre.csv", data))  # fmt: skip
    assert "“2026-11-03” is not a day as the layout says (09/02/2026): choose its format." in told
    assert 'name="name" value="BD"' in told
    packed = re.search(r'name="packed" value="([^"]+)"', told)
    assert packed is not None
    given = {"packed": packed[1], "lessor": site.lessor_id, "file_name": "decembre.csv",
             "name": "BD", "delimiter": ";", "day_format": "%Y-%m-%d", "booked": "Date",
             "words": "Libellé", "amount": "Montant"}  # fmt: skip
    assert "1 line is new." in post(finance, f"{LIST}add/", **given)
    assert CsvMapping.objects.get(name="BD").day_format == "%Y-%m-%d"


def test_camt_is_read_at_once_and_what_is_wrong_is_said(site: Site, finance: Client) -> None:
    def given(data: bytes) -> str:
        file = SimpleUploadedFile("releve.xml", data)
        return post(finance, f"{LIST}add/", lessor=site.lessor_id, file=file)

    assert "1.00 MAD are missing" in given(statement(PLAIN, BATCH, BACK, closing="2301.00"))
    good = statement(PLAIN, BATCH, BACK)
    told = given(good)
    assert "4 lines are new." in told
    assert "opening balance" in told
    assert "nothing has changed" in given(good)


def test_lines_are_matched_by_their_groups(site: Site, finance: Client) -> None:
    one, two = sale(site, "Atlas Data", "100"), sale(site, "Rif Soft", "200")
    made = read(
        site,
        f"02/11/2026;VIR {one.number};120,00",
        "03/11/2026;RIF SOFT;100,00",
        "04/11/2026;FRAIS;-9,00",
    )
    address = f"{LIST}{made.pk}/change/"
    shown = page(finance, address)
    assert "0 of 3 lines are done." in shown
    assert f"{one.number}" in shown
    assert "the invoice's number is in the line" in shown
    told = post(finance, f"{LIST}{made.pk}/accept-sure/")
    assert "1 line is accepted." in told
    assert "it is less than what is open" in page(finance, f"{address}?group=doubtful")
    first, second, fees = made.lines.order_by("position")
    assert Payment.objects.get().bank_line == first
    told = post(finance, f"{LINE}{fees.pk}/set-aside/?group=unknown", reason="Frais")
    assert "The line is set aside." in told
    assert "2 of 3 lines are done." in told
    key = re.search(r'name="key" value="(\w+)"', page(finance, f"{LINE}{second.pk}/change/"))
    assert key is not None
    accept = f"{LINE}{second.pk}/accept/?group=doubtful"
    assert "This has changed since you opened it." in post(finance, accept, key="gone")
    assert "The line is accepted." in post(finance, accept, key=key[1])
    assert open_of([two.pk]) == {two.pk: Decimal(140)}
    told = post(finance, f"{LINE}{fees.pk}/take-up-again/")
    assert "The line is to be matched again." in told


def test_what_a_lessor_pays_is_set_aside_at_once_with_one_reason(
    site: Site, finance: Client
) -> None:
    credit = paid(site, sale(site, "Atlas Data", "100").company, "150")
    refund(source=credit, amount=Decimal(30), on=dt.date(2026, 11, 20), reason="Trop payé",
           method=PaymentMethod.TRANSFER, acting_user=None)  # fmt: skip
    made = read(
        site,
        "19/11/2026;SALAIRES;-9000,00",
        "20/11/2026;ATLAS DATA;-30,00",
        "20/11/2026;FRAIS;-9,00",
        "20/11/2026;INCONNU;7,00",
    )
    path = f"{LIST}{made.pk}/set-aside/"
    assert path in page(finance, f"{LIST}{made.pk}/change/?group=unknown")
    assert path not in page(finance, f"{LIST}{made.pk}/change/?group=sure")
    assert "This field is required." in post(finance, path, reason=" ")
    assert "2 lines are set aside." in post(finance, path, reason="Dépenses")
    told = made.lines.order_by("position").values_list("state", "note")
    assert list(told) == [
        ("ignored", "Dépenses"),
        ("new", ""),
        ("ignored", "Dépenses"),
        ("new", ""),
    ]
    assert "0 lines are set aside." in post(finance, path, reason="Dépenses")
    auditor = doors.staff_client(Role.AUDITOR)
    assert auditor.post(path, {"reason": "x"}).status_code == 403


def test_a_line_is_matched_by_hand(site: Site, finance: Client) -> None:
    one, two = sale(site, "Atlas Data", "100"), sale(site, "Atlas Data", "200")
    other = sale(site, "Rif Soft", "50")
    (line,) = read(site, "02/11/2026;X;200,00").lines.all()
    path = f"{LINE}{line.pk}/by-hand/"
    assert "Say the company, or its invoices." in post(finance, path, invoices="")
    for written, told in (
        ("nothing", "There is no invoice “nothing”."),
        (f"{one.number}\n{other.number}", "these are of several"),
        (f"{one.number} = 500", "More than is open."),
        (f"{one.number} = x", "is not a number"),
    ):
        assert told in post(finance, path, invoices=written)
    told = post(finance, path, invoices=f"{two.number.lower()} = 150\n{one.number}")
    assert "is entered." in told
    assert open_of([one.pk, two.pk]) == {one.pk: Decimal(70), two.pk: Decimal(90)}


def test_money_that_went_out_is_given_back_of_credit(site: Site, finance: Client) -> None:
    company = sale(site, "Atlas Data", "100").company
    payment = paid(site, company, "200")
    early, out, more, came = read(
        site,
        "18/11/2026;ATLAS DATA;-50,00",
        "20/11/2026;ATLAS DATA;-50,00",
        "20/11/2026;ATLAS DATA;-40,00",
        "20/11/2026;X;9,00",
    ).lines.order_by("position")
    asked = {"source": payment.number.lower(), "reason": "Trop payé"}
    told = post(finance, f"{LINE}{early.pk}/give-back/", **asked)
    assert "Give a day from" in told  # it came in after that
    path = f"{LINE}{out.pk}/give-back/"
    for wrong, told in (
        ({"source": "P-1"}, "There is no such payment or credit note."),
        ({"reason": ""}, "This field is required."),
    ):
        assert told in post(finance, path, **{**asked, **wrong})
    done = post(finance, path, **asked)
    made = Refund.objects.get()
    assert f"Refund {made.number} is entered." in done
    assert (made.payment, made.amount, made.bank_line) == (payment, 50, out)
    assert made.number in page(finance, f"{LINE}{out.pk}/change/")
    assert "Only 30" in post(finance, f"{LINE}{more.pk}/give-back/", **asked)
    assert "This money came in: it is no refund." in post(
        finance, f"{LINE}{came.pk}/give-back/", **asked
    )
    assert Refund.objects.count() == 1


def test_who_only_reads_sees_no_act(site: Site) -> None:
    sale(site, "Atlas Data", "100")
    made = read(site, "02/11/2026;ATLAS DATA;120,00")
    auditor = doors.staff_client(Role.AUDITOR)
    shown = page(auditor, f"{LIST}{made.pk}/change/")
    assert "ATLAS DATA" in shown
    assert "accept" not in re.sub(r"accept-language|accepted", "", shown).split("<main")[-1]
    line = BankLine.objects.get()
    for path in (f"{LIST}add/", f"{LIST}{made.pk}/accept-sure/", f"{LINE}{line.pk}/set-aside/"):
        assert auditor.post(path, {"reason": "x"}).status_code == 403
    assert doors.staff_client(Role.SITE_MANAGER, site).get(LIST).status_code == 403


def test_a_statement_s_page_asks_as_often_for_one_line_as_for_many(
    site: Site, finance: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sale(site, "Atlas Data", "100")
    made = read(site, "02/11/2026;ATLAS DATA;120,00")
    page(finance, LIST)
    with django_assert_num_queries(12):
        page(finance, f"{LIST}{made.pk}/change/")
    with django_assert_num_queries(6):
        page(finance, LIST)
    for number in range(8):
        sale(site, f"Rif {number} Soft", "200")
    many = read(site, *(f"03/11/2026;RIF {n} SOFT;{240 + n % 2},00" for n in range(8)))
    with django_assert_num_queries(12):
        page(finance, f"{LIST}{many.pk}/change/")
    with django_assert_num_queries(6):
        page(finance, LIST)
