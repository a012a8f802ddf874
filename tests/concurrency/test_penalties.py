"""One removes a penalty clause while a colleague charges by it: what is gone charges nothing."""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal

import pytest
import time_machine
from django.db import connection, transaction

from billing.models import Invoice, Penalty, PenaltyClause
from billing.services import penalties
from core.errors import Stale
from tests.factories import bills, scene, tenancies

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clause() -> Iterator[PenaltyClause]:
    """By which a penalty is proposed for January's rent."""
    with time_machine.travel(dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC), tick=False) as clock:
        site = bills.site(starts_on=dt.date(2026, 1, 1))
        lease = tenancies.active(site, scene.office(site), start=dt.date(2026, 1, 1))
        bills.issued(site, dt.date(2026, 1, 1))
        clock.move_to(dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC))
        yield penalties.set_clause(
            lease=lease, yearly_rate=Decimal(10), clause="Article 9", acting_user=None
        )


def charge(proposed: Penalty) -> Invoice:
    try:
        return penalties.charge_penalties(penalties=[proposed], acting_user=None)
    finally:
        connection.close()


@contextmanager
def charged_meanwhile(clause: PenaltyClause) -> Iterator[Future[Invoice]]:
    """What becomes of charging that begins before the removal is committed."""
    proposed = Penalty.objects.select_related("invoice").get()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            penalties.drop_clause(clause=clause, acting_user=None)
            charging = pool.submit(charge, proposed)
            with pytest.raises(TimeoutError):
                charging.result(timeout=0.5)
        yield charging


def test_who_charges_waits_and_sees_that_it_is_gone(clause: PenaltyClause) -> None:
    with charged_meanwhile(clause) as charging, pytest.raises(Stale):
        charging.result()
    assert (Invoice.objects.count(), Penalty.objects.count()) == (1, 0)


def test_without_the_lock_an_invoice_would_charge_what_is_gone(
    clause: PenaltyClause, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(penalties, "_hold", lambda _lease: None)
    with charged_meanwhile(clause) as charging:
        assert charging.result().lines.get().kind == penalties.PENALTY
    assert (Invoice.objects.count(), Penalty.objects.count()) == (2, 0)
