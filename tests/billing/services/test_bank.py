"""Statements read once, their lines accepted once, by one person of two."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from billing.choices import BankLineState, ChequeState, PaymentMethod, WithholdingKind
from billing.choices import MatchAct as Act
from billing.errors import (
    BalancesDiffer,
    BankOfAnother,
    ColumnsUnknown,
    LineDone,
    MoneyWentOut,
    MonthClosed,
    NotBefore,
)
from billing.models import (
    BankLine,
    BankStatement,
    ChequeStep,
    CsvMapping,
    Invoice,
    MonthClosing,
    Payment,
    WithholdingRule,
)
from billing.selectors.bank_book import proposals_for
from billing.selectors.open_items import open_of
from billing.services.cheques import bank_cheque
from billing.services.matching import (
    accept_all_sure,
    accept_match,
    match_by_hand,
    set_aside,
    take_up_again,
)
from billing.services.payments import record_payment
from billing.services.sales import SaleLine, issue_sale
from billing.services.statements import import_statement, keep_mapping
from billing.sharing import Portion
from core.errors import NotAllowed, Stale
from core.periods import Period
from core.workbooks import BadFile
from leases.errors import ReasonNeeded
from sites.models import Lessor, Site
from tenants.models import Company
from tenants.services.companies import change_identity
from tests.billing.test_camt import BACK, BATCH, PLAIN, statement
from tests.factories import bills, scene

pytestmark = pytest.mark.django_db
day = dt.date
HEAD = "Date;Libellé;Réf;Montant\n"
COLUMNS = {"booked": "Date", "words": "Libellé", "reference": "Réf", "amount": "Montant"}


@pytest.fixture(autouse=True)
def _in_november() -> Any:
    with time_machine.travel(dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def site() -> Site:
    made = bills.site(starts_on=day(2026, 1, 1))
    keep_mapping(lessor=made.lessor, name="BD", columns=COLUMNS, acting_user=None)
    return made


def company(name: str = "Atlas Data") -> Company:
    return scene.company(name)


def sale(site: Site, company: Company, price: str) -> Invoice:
    lines = [SaleLine("Salle", Decimal(price))]
    return issue_sale(site=site, company=company, lines=lines, acting_user=None)


def read(site: Site, *rows: str, name: str = "novembre.csv") -> list[BankLine]:
    """The lines that a CSV of these rows adds."""
    data = (HEAD + "\n".join(rows)).encode()
    got = import_statement(lessor=site.lessor, name=name, data=data, acting_user=None)
    return list(got.statement.lines.order_by("position"))


def best(line: BankLine) -> Any:
    return proposals_for(line.lessor_id, [line.pk])[line.pk][0]


def accepted(line: BankLine, **given: Any) -> BankLine:
    return accept_match(line=line, key=best(line).key, **{"acting_user": None, **given})


def test_a_line_in_two_files_is_one_and_the_same_file_changes_nothing(site: Site) -> None:
    first, second = "02/11/2026;VIR;R1;100,00", "02/11/2026;VIR;R1;100,00"
    third = "03/11/2026;FRAIS;;-5,00"
    assert len(read(site, first, second)) == 2
    assert [line.words for line in read(site, first, second, third, name="b.csv")] == ["FRAIS"]
    data = (HEAD + "\n".join([first, second, third])).encode()
    again = import_statement(lessor=site.lessor, name="c.csv", data=data, acting_user=None)
    assert (again.again, again.added, again.statement.name) == (True, 0, "b.csv")
    told = BankStatement.objects.order_by("id").values_list("name", "seen_before")
    assert list(told) == [("novembre.csv", 0), ("b.csv", 2)]
    assert BankLine.objects.count() == 3


def test_lines_that_differ_by_who_paid_alone_are_two(site: Site) -> None:
    columns = {**COLUMNS, "counterparty": "Tiers"}
    keep_mapping(lessor=site.lessor, name="BD", columns=columns, acting_user=None)
    head = HEAD.replace("Date;", "Date;Tiers;")
    noon = "02/11/2026;ATLAS DATA;VIR RECU;;1000,00"
    evening = "02/11/2026;RIF SOFT;VIR RECU;;1000,00"
    for rows in ([noon], [evening, noon]):  # the latest first, as banks list them
        data = (head + "\n".join(rows)).encode()
        import_statement(lessor=site.lessor, name="jour.csv", data=data, acting_user=None)
    told = BankLine.objects.order_by("id").values_list("counterparty", flat=True)
    assert list(told) == ["ATLAS DATA", "RIF SOFT"]


def test_balances_that_differ_and_bad_lines_leave_nothing(site: Site) -> None:
    lessor = site.lessor
    for data, error in (
        (statement(PLAIN, BATCH, BACK, closing="2299.00"), BalancesDiffer),
        (b"<x/>", BadFile),
        (b"Jour;Somme\n02/11/2026;100,00", ColumnsUnknown),
        ((HEAD + "02/11/2026;a;b;100,00\n33/11/2026;a;b;5,00").encode(), BadFile),
    ):
        with pytest.raises(error):
            import_statement(lessor=lessor, name="x", data=data, acting_user=None)
    mapping = CsvMapping.objects.get()
    with pytest.raises(BadFile, match="Line 3"):
        import_statement(lessor=lessor, name="x", data=data, mapping=mapping, acting_user=None)
    other = Lessor.objects.create(
        code="o", name="Autre", legal_form="SA", rib="225810012345678901234560"
    )
    with pytest.raises(BankOfAnother):
        import_statement(
            lessor=lessor, name="x", data=statement(PLAIN, BATCH, BACK), acting_user=None
        )
    assert (BankStatement.objects.count(), BankLine.objects.count()) == (0, 0)
    got = import_statement(
        lessor=other, name="x", data=statement(PLAIN, BATCH, BACK), acting_user=None
    )
    assert (got.added, got.statement.bank_account, got.statement.format) == (
        4,
        other.rib,
        "camt053",
    )
    assert [line.reversal for line in got.statement.lines.all()].count(True) == 1


def test_a_mapping_is_kept_by_its_name_and_must_make_sense(site: Site) -> None:
    again = keep_mapping(lessor=site.lessor, name="BD", columns={**COLUMNS, "value": "Valeur"},
                         acting_user=None)  # fmt: skip
    assert CsvMapping.objects.get() == again
    with pytest.raises(ValidationError, match="day of booking"):
        keep_mapping(lessor=site.lessor, name="X", columns={"amount": "M"}, acting_user=None)


def test_sure_lines_become_payments_at_once_and_the_others_wait(site: Site) -> None:
    atlas, rif = company(), company("Rif Soft")
    one, two, three = sale(site, atlas, "100"), sale(site, rif, "200"), sale(site, rif, "300")
    read(
        site,
        f"02/11/2026;VIR {one.number};;120,00",
        f"03/11/2026;RIF SOFT {two.number};;240,00",
        "04/11/2026;RIF SOFT;;50,00",
        "05/11/2026;INCONNU;;77,00",
    )
    told = accept_all_sure(statement=BankStatement.objects.get(), acting_user=None)
    assert (told.done, told.refused) == (2, [])
    states = BankLine.objects.order_by("position").values_list("state", flat=True)
    assert list(states) == ["matched", "matched", "new", "new"]
    assert open_of([one.pk, two.pk, three.pk]) == {
        one.pk: Decimal(0),
        two.pk: Decimal(0),
        three.pk: Decimal(360),
    }
    payments = Payment.objects.order_by("id").values_list(
        "company", "received_on", "bank_line__position"
    )
    assert list(payments) == [(atlas.pk, day(2026, 11, 2), 1), (rif.pk, day(2026, 11, 3), 2)]
    assert accept_all_sure(statement=BankStatement.objects.get(), acting_user=None).done == 0


def test_what_is_refused_of_all_sure_ones_is_told_and_the_others_go_through(site: Site) -> None:
    one, two = sale(site, company(), "100"), sale(site, company("Rif Soft"), "200")
    read(site, f"25/11/2026;{one.number};;120,00", f"03/11/2026;{two.number};;240,00")
    told = accept_all_sure(statement=BankStatement.objects.get(), acting_user=None)
    ((refused, why),) = told.refused
    assert (told.done, refused.position) == (1, 1)
    assert why.startswith("This day is still to come")


def test_a_doubtful_line_is_accepted_as_it_was_shown(site: Site) -> None:
    atlas = company()
    invoice = sale(site, atlas, "100")
    (line,) = read(site, f"02/11/2026;{invoice.number};;50,00")
    shown = best(line)
    assert (shown.sure, " ".join(shown.reasons)) == (False, "number partial")
    match_by_hand(
        line=read(site, "03/11/2026;x;;100,00", name="d")[0], company=atlas, acting_user=None
    )
    with pytest.raises(Stale):
        accept_match(line=line, key=shown.key, acting_user=None)
    done = accepted(line)
    assert done.state == BankLineState.MATCHED
    assert open_of([invoice.pk]) == {invoice.pk: Decimal(0)}
    with pytest.raises(LineDone):
        accept_match(line=line, key=shown.key, acting_user=None)
    with pytest.raises(LineDone):
        set_aside(line=line, reason="x", acting_user=None)


def test_a_line_is_matched_by_hand_with_shares(site: Site) -> None:
    atlas = company()
    first, second = sale(site, atlas, "100"), sale(site, atlas, "200")
    (line, back) = read(site, "02/11/2026;x;;200,00", "03/11/2026;y;;-9,00")
    payment = match_by_hand(
        line=line, company=atlas, shares=[Portion(second.pk, Decimal(150))], acting_user=None
    )
    assert (payment.bank_line, payment.site) == (line, site)
    assert open_of([first.pk, second.pk]) == {first.pk: Decimal(120), second.pk: Decimal(90)}
    with pytest.raises(MoneyWentOut):
        match_by_hand(line=back, company=atlas, acting_user=None)


def test_a_line_of_a_closed_month_is_entered_on_a_later_day(site: Site) -> None:
    atlas = company()
    sale(site, atlas, "100")
    (line,) = read(site, "02/10/2026;ATLAS DATA;;120,00")
    MonthClosing.objects.create(
        lessor=site.lessor,
        month=day(2026, 10, 1),
        closed_at=dt.datetime(2026, 11, 5, tzinfo=dt.UTC),
    )
    with pytest.raises(MonthClosed):
        accepted(line)
    later: Any = {"line": line, "company": atlas, "acting_user": None}
    with pytest.raises(NotBefore):
        match_by_hand(received_on=day(2026, 10, 1), **later)
    payment = match_by_hand(received_on=day(2026, 11, 1), **later)
    assert (payment.received_on, payment.bank_line) == (day(2026, 11, 1), line)


def test_former_names_and_what_is_withheld_are_known(site: Site) -> None:
    atlas = company()
    Company.objects.filter(pk=atlas.pk).update(identity_since=day(2026, 1, 1))
    atlas.refresh_from_db()
    change_identity(company=atlas, since=day(2026, 6, 1), name="Nouveau Nom", acting_user=None)
    WithholdingRule.objects.create(
        company=atlas, kind=WithholdingKind.VAT, period=Period(day(2026, 7, 1)), rate=75
    )
    invoice = sale(site, atlas, "100")
    (line,) = read(site, "02/11/2026;VIR ATLAS DATA;;105,00")
    assert (best(line).sure, " ".join(best(line).reasons)) == (True, "name amount less_withheld")
    accepted(line)
    told = Payment.objects.order_by("id").values_list("method", "amount")
    assert list(told) == [("transfer", Decimal(105)), ("vat_wht", Decimal(15))]
    assert open_of([invoice.pk]) == {invoice.pk: Decimal(0)}


def test_what_concerns_nobody_is_set_aside_and_taken_up_again(site: Site) -> None:
    (line,) = read(site, "03/11/2026;FRAIS;;-9,00")
    with pytest.raises(ReasonNeeded):
        set_aside(line=line, reason=" ", acting_user=None)
    assert set_aside(line=line, reason="Frais", acting_user=None).note == "Frais"
    assert take_up_again(line=line, acting_user=None).state == BankLineState.NEW


def test_cheques_are_cleared_and_bounce_by_their_lines(site: Site) -> None:
    atlas = company()
    invoice = sale(site, atlas, "100")
    cheque = record_payment(
        site=site,
        company=atlas,
        method=PaymentMethod.CHEQUE,
        received_on=day(2026, 11, 20),
        amount=Decimal(120),
        reference="0004567",
        acting_user=None,
    )
    bank_cheque(payment=cheque, on=day(2026, 11, 20), acting_user=None)
    (comes, goes) = read(site, "20/11/2026;REM CHQ 4567;;120,00", "20/11/2026;CHQ 4567;;-120,00")
    assert (best(comes).act, best(comes).sure, best(goes).act) == (Act.CLEAR, True, Act.BOUNCE)
    assert accepted(comes).payment == cheque
    assert accepted(goes).payment == cheque
    assert list(ChequeStep.objects.values_list("state", flat=True)) == [
        ChequeState.BANKED,
        ChequeState.CLEARED,
        ChequeState.BOUNCED,
    ]
    assert open_of([invoice.pk]) == {invoice.pk: Decimal(120)}
    assert Payment.objects.count() == 1


def test_a_transfer_that_was_entered_by_hand_is_no_second_payment(site: Site) -> None:
    atlas = company()
    sale(site, atlas, "100")
    payment = record_payment(
        site=site,
        company=atlas,
        method=PaymentMethod.TRANSFER,
        received_on=day(2026, 11, 3),
        amount=Decimal(120),
        acting_user=None,
    )
    one, two = read(site, "04/11/2026;ATLAS DATA;;120,00", "05/11/2026;ATLAS DATA;;120,00")
    assert (best(one).act, best(one).sure) == (Act.SEEN, True)
    all_of = proposals_for(site.lessor_id)
    assert [all_of[line.pk][0].sure for line in (one, two)] == [False, False]
    key = best(two).key
    assert accepted(one).payment == payment
    with pytest.raises(Stale):
        accept_match(line=two, key=key, acting_user=None)
    assert Payment.objects.count() == 1


def test_only_who_may_at_all_sites_of_the_lessor_touches_its_bank(site: Site) -> None:
    second = scene.site("RAB")
    second.lessor = site.lessor
    second.save()
    atlas = company()
    invoice = sale(site, atlas, "100")
    (line,) = read(site, f"02/11/2026;{invoice.number};;120,00")
    network, here = scene.staff(Role.FINANCE_OFFICER), scene.staff(Role.FINANCE_OFFICER, site)
    auditor = scene.staff(Role.AUDITOR)
    for user in (here, auditor):
        with pytest.raises(NotAllowed):
            accepted(line, acting_user=user)
        with pytest.raises(NotAllowed):
            accept_all_sure(statement=line.statement, acting_user=user)
        with pytest.raises(NotAllowed):
            import_statement(lessor=site.lessor, name="x", data=b"<a/>", acting_user=user)
    assert [BankLine.objects.visible_to(user).count() for user in (network, here, auditor)] == [
        1,
        0,
        1,
    ]
    assert accepted(line, acting_user=network).acting_user == network


def test_proposals_ask_the_same_number_of_questions_for_any_number_of_lines(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sale(site, company(), "100")
    read(site, "02/11/2026;ATLAS DATA;;120,00")
    with django_assert_num_queries(8):
        assert len(proposals_for(site.lessor_id)) == 1
    for number in range(5):
        sale(site, company(f"Rif {number}"), "100")
    read(site, *(f"02/11/2026;RIF {n};F2026-{n};120,00" for n in range(1, 20)), name="b")
    with django_assert_num_queries(8):
        assert len(proposals_for(site.lessor_id)) == 20


@pytest.mark.django_db(transaction=True)
def test_two_people_who_accept_one_line_make_one_payment(site: Site) -> None:
    invoice = sale(site, company(), "100")
    (line,) = read(site, f"02/11/2026;{invoice.number};;60,00")
    key = best(line).key
    together, told = Barrier(2), []

    def accept() -> None:
        together.wait()
        try:
            told.append(accept_match(line=line, key=key, acting_user=None).state)
        except LineDone as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    people = [Thread(target=accept) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(told) == ["bank_line_done", "matched"]
    assert Payment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_who_keep_the_same_columns_keep_one(site: Site) -> None:
    def keep(heading: str) -> CsvMapping:
        columns = {**COLUMNS, "words": heading}
        try:
            return keep_mapping(lessor=site.lessor, name="B2", columns=columns, acting_user=None)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            keep_mapping(lessor=site.lessor, name="B2", columns=COLUMNS, acting_user=None)
            second = pool.submit(keep, "Motif")
            with pytest.raises(TimeoutError):
                second.result(timeout=0.5)
        assert second.result().columns["words"] == "Motif"
    assert CsvMapping.objects.filter(name="B2").count() == 1
