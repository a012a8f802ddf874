"""A month is closed once it is over, stays as it is, and is reopened from the last one on."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from accounts.choices import Role
from billing.booking import balances
from billing.choices import Journal, LedgerKey, PaymentMethod
from billing.errors.books import (
    MonthClosed,
    MonthDeclared,
    MonthNotOver,
    NothingToExport,
    NotToClose,
    NotToReopen,
)
from billing.selectors.pieces import pieces_of
from billing.services.closing import check_open, close_month, reopen_month
from billing.services.exporting import export_journal
from billing.services.payments import record_payment
from billing.services.sales import SaleLine, issue_sale
from billing.services.vat import declare_vat
from billing.services.write_offs import mark_doubtful
from core.errors import NotAllowed
from core.periods import Period
from sites.models import Site
from tests.billing.journals import JANUARY, D, day, lines, noon
from tests.factories import bills, money, scene

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC)) as moved:
        yield moved


@pytest.fixture
def site() -> Site:
    return bills.site(starts_on=day(2026, 1, 1))


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
            'INSERT INTO billing_refund (number, payment_id, amount, "on", method, by_mistake,'
            f" reference, reason, made_at) VALUES ('x', {over.pk}, 1, '2026-01-15', 'card', false,"
            " '', 'x', now())",
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
            lessor=lessor, journal=Journal.SALES, period=JANUARY, layout="jabc;,ihu",
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
