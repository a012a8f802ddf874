"""Several colleagues send one company's reminder at the same moment: it gets one letter."""

import datetime as dt
import threading
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError

from billing.errors.overdue import ReminderNotDue
from billing.models import DunningLetter, DunningLetterLine, Invoice
from billing.services import reminding
from billing.services.dunning_steps import begin_steps
from billing.services.sales import SaleLine, issue_sale
from core.models import Message
from tests.concurrency.crowd import at_once
from tests.factories import bills, scene

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 3


@pytest.fixture
def invoice() -> Iterator[Invoice]:
    """Due on 15 January; it is February."""
    with time_machine.travel(dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC), tick=False) as clock:
        site = bills.site(starts_on=dt.date(2026, 1, 1))
        begin_steps(site=site, acting_user=None)
        company = scene.company(email="compta@example.org")
        lines = [SaleLine("Badge", Decimal(100))]
        made = issue_sale(site=site, company=company, lines=lines, acting_user=None)
        clock.move_to(dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC))
        yield made


def send(invoice: Invoice) -> type[Exception] | None:
    try:
        reminding.send_reminder(site=invoice.site, company=invoice.company, acting_user=None)
    except (ReminderNotDue, IntegrityError) as refusal:
        return type(refusal)
    return None


def one_letter() -> bool:
    lines = list(DunningLetterLine.objects.values_list("letter__number", "step"))
    assert lines == [("LESSOR-L2026-000001", 1)]
    return DunningLetter.objects.count() == Message.objects.count() == 1


def test_a_company_gets_one_letter(invoice: Invoice) -> None:
    answers = at_once(PEOPLE, lambda _number: send(invoice))
    assert sorted(answers, key=str) == [ReminderNotDue] * (PEOPLE - 1) + [None]
    assert one_letter()


def test_without_the_lock_all_would_find_it_due(
    invoice: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The constraint is all that is left then."""
    all_have_looked = threading.Barrier(PEOPLE, timeout=60)
    real = reminding._due

    def due(*about: Any) -> Any:
        found = real(*about)
        all_have_looked.wait()
        return found

    monkeypatch.setattr(reminding, "locked", lambda *_account: None)
    monkeypatch.setattr(reminding, "_due", due)
    answers = at_once(PEOPLE, lambda _number: send(invoice))
    assert sorted(answers, key=str) == [IntegrityError] * (PEOPLE - 1) + [None]
    assert one_letter()
