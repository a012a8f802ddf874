"""Reminders as they are sent: gathered, kept, mailed, paused, by a person or by themselves."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from unittest.mock import patch

import pytest
import time_machine
from django.db import DatabaseError, transaction
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from billing.choices import NoReminder, PauseKind, PaymentMethod
from billing.errors.overdue import (
    BadReminderWords,
    PauseOver,
    ReminderNotDue,
    StepOutOfOrder,
    StepsThere,
)
from billing.letters import LINKS
from billing.models import DunningLetter, DunningLetterLine, DunningPause, DunningStep, Invoice
from billing.selectors.reminding import Credit, standings
from billing.services import reminding
from billing.services.dunning_steps import begin_steps, drop_step, set_step
from billing.services.pauses import end_pause, pause_reminders
from billing.services.payments import record_payment
from billing.services.sales import SaleLine, issue_sale
from billing.services.settings import set_billing
from billing.services.write_offs import mark_doubtful
from core.errors import NotAllowed
from core.links import Link
from core.models import Message, MessageState
from core.periods import Period, today
from sites.models import Lessor, Site
from tenants.models import Company, Contact
from tests.factories import bills, scene

day = dt.date
pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC), tick=False) as moved:
        yield moved


@pytest.fixture
def site(clock: time_machine.Traveller) -> Site:
    made = bills.site(starts_on=day(2026, 1, 1))
    begin_steps(site=made, acting_user=None)
    return made


def on(clock: time_machine.Traveller, day: dt.date) -> None:
    clock.move_to(dt.datetime.combine(day, dt.time(12), dt.UTC))


def sold(site: Site, company: Company, price: str = "100") -> Invoice:
    """Due on 15 January, or ten days after it was issued."""
    line = SaleLine("Badge", Decimal(price))
    return issue_sale(site=site, company=company, lines=[line], acting_user=None)


def pay(invoice: Invoice, amount: str) -> None:
    record_payment(
        site=invoice.site,
        company=invoice.company,
        method=PaymentMethod.TRANSFER,
        received_on=today(),
        amount=Decimal(amount),
        acting_user=None,
    )


def test_a_letter_of_each_step_with_all_that_is_overdue(
    site: Site, clock: time_machine.Traveller
) -> None:
    company = scene.company(email="info@atlas.example", language="ar")
    for name, email, billing in (("A", "compta@atlas.example", True), ("B", "b@b.example", False)):
        Contact.objects.create(company=company, name=name, email=email, for_billing=billing)
    officer = scene.staff(Role.FINANCE_OFFICER, site)
    first = sold(site, company)
    assert first.due_on == day(2026, 1, 15)
    on(clock, day(2026, 1, 21))
    with pytest.raises(ReminderNotDue):
        reminding.send_reminder(site=site, company=company, acting_user=officer)
    on(clock, day(2026, 1, 22))
    letter = reminding.send_reminder(site=site, company=company, acting_user=officer)
    assert (letter.number, letter.level, letter.total, letter.language, letter.sent_to) == (
        "LESSOR-L2026-000001", 1, Decimal(120), "ar", ["compta@atlas.example"],
    )  # fmt: skip
    with letter.file.open() as kept:
        data = kept.read()
    assert (data[:4], hashlib.sha256(data).hexdigest()) == (b"%PDF", letter.sha256)
    with pytest.raises(ReminderNotDue, match="no further step yet"):
        reminding.send_reminder(site=site, company=company, acting_user=officer)
    second = sold(site, company, "50")
    pay(first, "40")
    on(clock, day(2026, 2, 5))
    letter = reminding.send_reminder(site=site, company=company, acting_user=officer)
    assert (letter.level, letter.total) == (2, Decimal(140))
    lines = DunningLetterLine.objects.order_by("id").values_list("invoice", "open", "step")
    assert list(lines) == [
        (first.pk, Decimal(120), 1),
        (first.pk, Decimal(80), 2),
        (second.pk, Decimal(60), None),
    ]
    mails = Message.objects.order_by("id").values_list("to", "language", "state")
    assert list(mails) == [
        ("compta@atlas.example", "ar", MessageState.SUPERSEDED),
        ("compta@atlas.example", "ar", MessageState.TO_SEND),
    ]
    body = Message.objects.latest("id").body
    assert first.number in body
    assert "140,00" in body
    # Under its link the company reads the invoice.
    assert [LINKS.read(token) for token in re.findall(r"/invoice/([^/]+)/", body)] == [
        Link(first.pk, LINKS.mark_of("compta@atlas.example")),
        Link(second.pk, LINKS.mark_of("compta@atlas.example")),
    ]
    on(clock, day(2026, 3, 2))
    company.language = "fr"
    company.save()
    letter = reminding.send_reminder(site=site, company=company, acting_user=officer)
    assert (letter.level, letter.language) == (3, "fr")
    with letter.file.open() as kept:
        text = PdfReader(BytesIO(kept.read())).pages[0].extract_text()
    words = " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())
    for said in ("LESSOR-L2026-000003", "vous mettons en demeure", "5 février 2026", "140,00 MAD",
                 "cent quarante dirhams", "au plus tard le 10 mars 2026",
                 f"{first.number} 05/01/2026 15/01/2026 46 80,00"):  # fmt: skip
        assert said in words, said
    pay(first, "140")
    with pytest.raises(ReminderNotDue, match="nothing is overdue"):
        reminding.send_reminder(site=site, company=company, acting_user=officer)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        DunningLetter.objects.update(total=0)
    with pytest.raises(NotAllowed):
        reminding.send_reminder(
            site=site, company=company, acting_user=scene.staff(Role.SITE_MANAGER, site)
        )


def test_by_themselves_each_once_and_those_of_a_person_wait(
    site: Site, clock: time_machine.Traveller
) -> None:
    set_step(site=site, level=1, days=7, by_itself=True, acting_user=None)
    companies = [scene.company(email=f"c{number}@example.org") for number in range(4)]
    for company in companies:
        sold(site, company)
    elsewhere = bills.site("RAB", starts_on=day(2026, 1, 1))
    sold(elsewhere, companies[0])
    pay(companies[3].invoices.get(), "20")
    credited = scene.company()
    sold(site, credited)
    # Paid elsewhere and not yet matched: a person looks at it first.
    record_payment(
        site=site, company=credited, method=PaymentMethod.TRANSFER, received_on=today(),
        amount=Decimal(120), shares=(), acting_user=None,
    )  # fmt: skip
    on(clock, day(2026, 1, 23))
    real = reminding.send_reminder
    killed: list[bool] = []

    def failing(**given: object) -> object:
        if given["company"] == companies[1] and not killed:
            killed.append(True)
            raise SystemExit
        return real(**given)  # type: ignore[arg-type]

    with patch.object(reminding, "send_reminder", failing), pytest.raises(SystemExit):
        reminding.send_by_themselves()
    done = DunningLetter.objects.count()
    assert done < 4
    assert reminding.send_by_themselves() == 4 - done
    assert reminding.send_by_themselves() == 0
    numbers = [f"LESSOR-L2026-00000{number}" for number in range(1, 5)]
    assert sorted(DunningLetter.objects.values_list("number", flat=True)) == numbers
    assert set(DunningLetter.objects.values_list("company", "site")) == {
        (company.pk, site.pk) for company in companies
    }
    on(clock, day(2026, 2, 10))
    assert reminding.send_by_themselves() == 0  # the second step is a person's


def test_a_pause_holds_at_its_site_and_ends(site: Site, clock: time_machine.Traveller) -> None:
    company, officer = scene.company(), scene.staff(Role.FINANCE_OFFICER, site)
    elsewhere = bills.site("RAB", starts_on=day(2026, 1, 1))
    begin_steps(site=elsewhere, acting_user=None)
    first, second = sold(site, company), sold(site, company, "10")
    sold(elsewhere, company)
    on(clock, day(2026, 1, 30))
    plan = pause_reminders(
        invoice=first, everything=True, kind=PauseKind.PLAN,
        period=Period.through(today(), day(2026, 2, 28)), reason="Trois fois", acting_user=officer,
    )  # fmt: skip
    here, there = sorted(standings(None, on=today()), key=lambda one: one.site.pk)
    assert (here.site, here.verdict.level, here.verdict.why) == (site, None, NoReminder.PAUSED)
    assert (there.site, there.verdict.level) == (elsewhere, 1)
    with pytest.raises(ReminderNotDue, match="paused"):
        reminding.send_reminder(site=site, company=company, acting_user=officer)
    on(clock, day(2026, 2, 1))
    stranger = scene.staff(Role.FINANCE_OFFICER, elsewhere)
    with pytest.raises(NotAllowed):
        end_pause(pause=plan, acting_user=stranger)
    end_pause(pause=plan, acting_user=officer)
    plan.refresh_from_db()
    assert plan.period == Period(day(2026, 1, 30), day(2026, 2, 1))
    with pytest.raises(PauseOver):
        end_pause(pause=plan, acting_user=officer)
    dispute = pause_reminders(
        invoice=first, kind=PauseKind.DISPUTE, period=Period(today()), reason="Métrage",
        acting_user=officer,
    )  # fmt: skip
    letter = reminding.send_reminder(site=site, company=company, acting_user=officer)
    assert list(letter.lines.values_list("invoice", flat=True)) == [second.pk]
    assert end_pause(pause=dispute, acting_user=officer) is None
    for everything in (False, True):
        with pytest.raises(NotAllowed):
            pause_reminders(
                invoice=first, everything=everything, kind=PauseKind.PLAN, period=Period(today()),
                reason="x", acting_user=stranger,
            )  # fmt: skip
    assert not DunningPause.objects.visible_to(stranger).exists()
    assert [one.site for one in standings(stranger, on=today())] == [elsewhere]


def test_the_next_letter_waits_for_the_day_that_the_last_one_gave(
    site: Site, clock: time_machine.Traveller
) -> None:
    set_billing(site=site, starts_on=day(2026, 1, 1), days_to_answer=15, acting_user=None)
    company = scene.company()
    sold(site, company)
    on(clock, day(2026, 3, 6))  # all its steps have come
    letter = reminding.send_reminder(site=site, company=company, acting_user=None)
    assert (letter.level, letter.pay_by) == (1, day(2026, 3, 23))  # the 21st is a Saturday
    on(clock, day(2026, 3, 23))
    with pytest.raises(ReminderNotDue, match="reminded a few days ago"):
        reminding.send_reminder(site=site, company=company, acting_user=None)
    on(clock, day(2026, 3, 24))
    assert reminding.send_reminder(site=site, company=company, acting_user=None).level == 2


def test_what_a_person_looks_at_first(site: Site, clock: time_machine.Traveller) -> None:
    """Credit of an account counts at all of its sites; how much there is elsewhere is not told."""
    set_step(site=site, level=1, days=7, by_itself=True, acting_user=None)
    elsewhere = bills.site("RAB", starts_on=day(2026, 1, 1))
    paying, failing, other = (scene.company() for _company in range(3))
    for company in (paying, failing, other):
        invoice = sold(site, company)
        if company == failing:
            mark_doubtful(invoice=invoice, reason="Redressement", acting_user=None)
    for at, amount in ((elsewhere, "50"), (site, "20")):
        record_payment(
            site=at, company=paying, method=PaymentMethod.TRANSFER, received_on=today(),
            amount=Decimal(amount), shares=(), acting_user=None,
        )  # fmt: skip
    on(clock, day(2026, 1, 23))
    officer = scene.staff(Role.FINANCE_OFFICER, site)
    nothing = Credit()
    for user, credit in (
        (officer, Credit(Decimal(20), elsewhere=True)),
        (None, Credit(Decimal(70))),
    ):
        assert {one.company: (one.credit, one.doubtful) for one in standings(user, on=today())} == {
            paying: (credit, False),
            failing: (nothing, True),
            other: (nothing, False),
        }
    # What a former lessor issued is not asked for in the name of the present one.
    with transaction.atomic():
        site.lessor = Lessor.objects.create(code="other", name="Other", legal_form="SA")
        site.save()
        assert standings(officer, on=today()) == []
        transaction.set_rollback(True)
    on(clock, day(2026, 5, 1))
    assert reminding.send_by_themselves() == 0  # nobody works on Labour Day
    on(clock, day(2026, 5, 4))
    assert reminding.send_by_themselves() == 1
    assert DunningLetter.objects.get().company == other


def test_steps_keep_their_order_and_words_their_meaning(site: Site) -> None:
    with pytest.raises(StepsThere):
        begin_steps(site=site, acting_user=None)
    for level, days in ((1, 21), (1, 30), (2, 7), (3, 0), (1, 0)):
        with pytest.raises(StepOutOfOrder):
            set_step(site=site, level=level, days=days, acting_user=None)
    with pytest.raises(BadReminderWords, match=r"\{totl\}"):
        set_step(site=site, level=1, days=10, words={"fr": "Dû {totl}"}, acting_user=None)
    step = set_step(
        site=site, level=2, days=30, words={"fr": "Bonjour,\r\n\r\nDû : {total}"}, acting_user=None
    )
    assert (step.days, step.words_fr, step.words_ar) == (30, "Bonjour,\n\nDû : {total}", "")
    drop_step(step=step, acting_user=None)
    assert list(DunningStep.objects.values_list("level", "days")) == [(1, 7), (3, 45)]
    with pytest.raises(NotAllowed):
        set_step(site=site, level=2, days=30, acting_user=scene.staff(Role.SITE_MANAGER, site))


def test_the_same_queries_for_one_company_and_for_many(
    site: Site, clock: time_machine.Traveller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    officer = scene.staff(Role.FINANCE_OFFICER, site)
    sold(site, scene.company())
    on(clock, day(2026, 2, 1))
    standings(officer, on=today())  # its roles are known from here on
    with django_assert_num_queries(10):
        assert len(standings(officer, on=today())) == 1
    for company in [scene.company() for _number in range(4)]:
        sold(site, company)
    on(clock, day(2026, 3, 1))
    with django_assert_num_queries(10):
        assert [len(one.verdict.lines) for one in standings(officer, on=today())] == [1] * 5
