"""What staff do about what is overdue, on their pages."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from billing.choices import WriteOffState
from billing.models import (
    Doubtful,
    DunningLetter,
    DunningPause,
    DunningStep,
    Invoice,
    Penalty,
    PenaltyClause,
    WriteOff,
)
from billing.selectors.open_items import open_of
from billing.services.dunning_steps import begin_steps
from billing.services.penalties import propose_penalties
from billing.services.sales import SaleLine, issue_sale
from core.periods import Period, today
from sites.models import Site
from tests.factories import bills, doors, scene, tenancies

day = dt.date
pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC), tick=False) as moved:
        yield moved


@pytest.fixture
def site(clock: time_machine.Traveller) -> Site:
    return bills.site(starts_on=day(2026, 1, 1))


def later(clock: time_machine.Traveller) -> None:
    clock.move_to(dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC))


def sold(site: Site, name: str) -> Invoice:
    company = scene.company(name, email="compta@example.org")
    lines = [SaleLine("Badge", Decimal(100))]
    return issue_sale(site=site, company=company, lines=lines, acting_user=None)


def page(client: Client, route: str, *args: Any, **query: str) -> str:
    answer = client.get(reverse(f"admin:{route}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def post(client: Client, route: str, *args: Any, **given: Any) -> str:
    """The page on which it ends; forms that refuse answer 200 themselves."""
    return client.post(
        reverse(f"admin:{route}", args=args), {"_save": "", **given}, follow=True
    ).content.decode()


def test_chosen_looked_at_and_sent(site: Site, clock: time_machine.Traveller) -> None:
    first, second = sold(site, "Atlas"), sold(site, "Argan")
    elsewhere = sold(bills.site("RAB", starts_on=day(2026, 1, 1)), "Rif")
    later(clock)
    client = doors.staff_client(Role.FINANCE_OFFICER, site)
    assert "7, 21" in page(client, "to_remind")
    post(client, "to_remind", begin="CAS")
    assert list(DunningStep.objects.values_list("site", "level", "days")) == [
        (site.pk, 1, 7), (site.pk, 2, 21), (site.pk, 3, 45),
    ]  # fmt: skip
    shown = page(client, "to_remind", site="CAS", level="1")
    assert shown.count('name="key"') == 2
    assert "Rif" not in shown
    assert 'name="key"' not in page(client, "to_remind", level="3")
    preview = client.get(reverse("admin:reminder_preview", args=[site.pk, first.company_id]))
    assert (preview.headers["Content-Type"], preview.content[:4]) == ("application/pdf", b"%PDF")
    assert not DunningLetter.objects.exists()
    reader = doors.staff_client(Role.SITE_MANAGER, site)
    assert 'name="key"' not in page(reader, "to_remind")
    keys = {"key": [f"{site.pk}-{first.company_id}"]}
    assert reader.post(reverse("admin:to_remind"), keys).status_code == 403
    stolen = {"key": [f"{elsewhere.site_id}-{elsewhere.company_id}"]}
    assert client.post(reverse("admin:to_remind"), stolen).status_code == 403
    told = post(client, "to_remind", **keys)
    letter = DunningLetter.objects.get()
    assert letter.company == first.company
    assert letter.number in told
    assert told.count('name="key"') == 1
    pdf = client.get(reverse("admin:billing_dunningletter_pdf", args=[letter.pk]))
    with letter.file.open() as kept:
        assert pdf.content == kept.read()
    assert first.number in page(client, "billing_dunningletter_change", letter.pk)
    given = {"number": second.number, "everything": "on", "kind": "plan", "reason": "Trois fois"}
    days = {"period_0": "2026-03-02", "period_1": "2026-04-30"}
    post(client, "billing_dunningpause_add", **given | {"number": elsewhere.number}, **days)
    assert not DunningPause.objects.exists()
    post(client, "billing_dunningpause_add", **given, **days)
    pause = DunningPause.objects.get()
    assert (pause.site, pause.company, pause.invoice, pause.period) == (
        site, second.company, None, Period.through(day(2026, 3, 2), day(2026, 4, 30)),
    )  # fmt: skip
    shown = page(client, "to_remind")
    assert 'name="key"' not in shown
    # Until when a letter waits; how much is paused, and where the pause is ended.
    assert "10/03/2026" in shown
    assert shown.count("120,00") == 3
    pauses = f"{reverse('admin:billing_dunningpause_changelist')}?company__id__exact="
    assert f"{pauses}{second.company_id}" in shown
    assert (
        str(pause.period.start.year) in client.get(f"{pauses}{second.company_id}").content.decode()
    )
    post(client, "billing_dunningpause_end", pause.pk)
    assert 'name="key"' in page(client, "to_remind")


def test_a_sites_own_words(site: Site) -> None:
    begin_steps(site=site, acting_user=None)
    client = doors.staff_client(Role.FINANCE_OFFICER, site)
    step = DunningStep.objects.get(level=2)
    assert "{totl}" in post(client, "billing_dunningstep_change", step.pk, days=21,
                            words_fr="Dû : {totl}", words_ar="", words_en="")  # fmt: skip
    post(client, "billing_dunningstep_change", step.pk, days=30, by_itself="on",
         words_fr="Dû : {total}", words_ar="", words_en="")  # fmt: skip
    step.refresh_from_db()
    assert (step.days, step.by_itself, step.words_fr) == (30, True, "Dû : {total}")
    sold(site, "Atlas")
    preview = client.get(reverse("admin:billing_dunningstep_preview", args=[step.pk]))
    assert preview.content[:4] == b"%PDF"
    post(client, "billing_dunningstep_remove", step.pk)
    assert not DunningStep.objects.filter(level=2).exists()


def test_a_penalty_from_the_clause_to_the_invoice(
    site: Site, clock: time_machine.Traveller
) -> None:
    lease = tenancies.active(site, scene.office(site), start=day(2026, 1, 1))
    bills.issued(site, day(2026, 1, 1))
    clause = {"lease": lease.pk, "yearly_rate": "12", "grace_days": "0", "clause": "Article 9"}
    later(clock)  # before signing in: a session lasts a day
    client = doors.staff_client(Role.FINANCE_OFFICER, site)
    post(client, "billing_penaltyclause_add", **clause)
    assert PenaltyClause.objects.get().lease == lease
    propose_penalties()
    penalty = Penalty.objects.get()
    assert "2026" in page(client, "billing_penalty_change", penalty.pk)
    post(client, "billing_penalty_charge", penalty.pk, together="on")
    charge = Invoice.objects.latest("id")
    assert (charge.net, charge.company) == (penalty.amount, lease.company)
    penalty.refresh_from_db()
    assert penalty.charged_by == charge


def test_two_people_write_off(site: Site) -> None:
    invoice = sold(site, "Atlas")
    one, other = (doors.staff_client(Role.FINANCE_OFFICER, site) for _person in range(2))
    post(one, "billing_doubtful_add", number=invoice.number, reason="Liquidation")
    assert Doubtful.objects.get().invoice == invoice
    assert "120,00" in page(one, "billing_doubtful_changelist")
    assert "120.00" in post(
        one, "billing_writeoff_add", number=invoice.number, amount="500", reason="Liquidation"
    ).replace("\u202f", "").replace(",", ".")
    post(one, "billing_writeoff_add", number=invoice.number, amount="", reason="Liquidation")
    asked = WriteOff.objects.get()
    assert (asked.amount, asked.state) == (Decimal(120), WriteOffState.ASKED)
    post(one, "billing_writeoff_approve", asked.pk)
    asked.refresh_from_db()
    assert asked.state == WriteOffState.ASKED
    post(other, "billing_writeoff_approve", asked.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.decided_on) == (WriteOffState.APPROVED, today())
    address = reverse("admin:billing_writeoff_take_back", args=[asked.pk])
    assert address in page(one, "billing_writeoff_change", asked.pk)
    post(one, "billing_writeoff_take_back", asked.pk, reason="Elle paie")
    assert open_of([invoice.pk]) == {invoice.pk: Decimal(120)}
    assert address not in page(one, "billing_writeoff_change", asked.pk)


def test_an_overdue_invoices_page_leads_on(site: Site, clock: time_machine.Traveller) -> None:
    invoice = sold(site, "Atlas")
    later(clock)
    client = doors.staff_client(Role.FINANCE_OFFICER, site)
    address = reverse("admin:billing_writeoff_add")
    assert f"{address}?number={invoice.number}" in page(
        client, "billing_invoice_change", invoice.pk
    )
    post(client, "billing_writeoff_add", number=invoice.number, amount="20", reason="Reste")
    shown = page(client, "billing_invoice_change", invoice.pk)
    asked = WriteOff.objects.get()
    for row in (asked, Doubtful.objects.get()):
        assert reverse(f"admin:billing_{row._meta.model_name}_change", args=[row.pk]) in shown
    reader = doors.staff_client(Role.SITE_MANAGER, site)
    assert address not in page(reader, "billing_invoice_change", invoice.pk)


def test_the_list_asks_the_same_for_one_company_and_many(
    site: Site, clock: time_machine.Traveller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    begin_steps(site=site, acting_user=None)
    sold(site, "Atlas")
    for name in ("Argan", "Rif", "Souss"):
        sold(bills.site(name[:3].upper(), starts_on=day(2026, 1, 1)), name)
    address = reverse("admin:to_remind")
    later(clock)
    client = doors.staff_client(Role.FINANCE_OFFICER, site)
    client.get(address)
    with django_assert_num_queries(14):
        client.get(address)
    client = doors.staff_client(Role.FINANCE_OFFICER)
    client.get(address)
    with django_assert_num_queries(14):
        assert client.get(address).content.count(b"<tr>") == 5
