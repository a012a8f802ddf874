"""Lines of the bank are accepted once, by one person of two, or set aside."""

import datetime as dt
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from billing.choices import BankLineState, ChequeState, PaymentMethod, WithholdingKind
from billing.choices import MatchAct as Act
from billing.errors.bank import LineDone, LineNotSetAside, MoneyWentOut, NotBefore
from billing.errors.books import MonthClosed
from billing.models import (
    BankLine,
    BankStatement,
    ChequeStep,
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
from billing.services.statements import import_statement
from billing.sharing import Portion
from core.errors import NotAllowed, Stale
from core.periods import Period
from leases.errors import ReasonNeeded
from sites.models import Site
from tenants.models import Company
from tenants.services.companies import change_identity
from tests.billing.banking import accepted, best, company, hub, read
from tests.factories import scene
from tests.factories.money import opened, sale

pytestmark = pytest.mark.django_db
day = dt.date


@pytest.fixture(autouse=True)
def _in_november() -> Any:
    with time_machine.travel(dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def site() -> Site:
    return hub()


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


def test_one_line_in_two_formats_does_not_pay_the_next_invoice(site: Site) -> None:
    atlas = company()
    sale(site, atlas, "100")
    (line,) = read(site, "02/11/2026;ATLAS DATA;;120,00")
    accepted(line)
    following = sale(site, atlas, "100")
    again, other = read(site, "02/11/2026;VIR ATLAS DATA;R;120,00", "03/11/2026;ATLAS DATA;;120,00",
                        name="b")  # fmt: skip
    assert (best(again).sure, " ".join(best(again).reasons)) == (False, "name amount twin")
    assert best(other).sure
    assert opened(following) == [120]


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
    # It was the other one: what was only seen is taken up again, what was made of a line is not.
    assert (take_up_again(line=one, acting_user=None).state, accepted(two).payment) == (
        BankLineState.NEW, payment,
    )  # fmt: skip
    assert Payment.objects.count() == 1
    match_by_hand(line=one, company=atlas, acting_user=None)
    with pytest.raises(LineNotSetAside):
        take_up_again(line=one, acting_user=None)


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
    with django_assert_num_queries(6):
        assert len(proposals_for(site.lessor_id)) == 1
    for number in range(5):
        sale(site, company(f"Rif {number}"), "100")
    read(site, *(f"02/11/2026;RIF {n};F2026-{n};120,00" for n in range(1, 20)), name="b")
    with django_assert_num_queries(6):
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
