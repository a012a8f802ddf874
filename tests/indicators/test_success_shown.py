"""The success of companies where people see it: page, file, shell, REST; and kept up to date."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command

from accounts.choices import Role
from core.periods import ONE_DAY, Period, add_months, today
from indicators.choices import Subject
from indicators.keeping import News
from indicators.models import Touched
from indicators.selectors.network import Network
from sites.models import Site
from tenants.models import Company
from tenants.services.declarations import Said, declare
from tenants.services.merging import merge_companies
from tests.factories import clients, doors, scene, tenancies

pytestmark = pytest.mark.django_db

NAME = "success_since_exit_18"
LEFT = add_months(today(), -20)


def left(site: Site, name: str) -> Company:
    """Here for two months; its last day was twenty months ago."""
    first = add_months(LEFT + ONE_DAY, -2)
    lease = tenancies.signed(
        site, scene.office(site), company=scene.company(name), start=first, months=2
    )
    return lease.company


@pytest.fixture
def three_left() -> Site:
    """One trades, one closed, of one nobody knows; a fourth is still there."""
    site = scene.site("CAS")
    trading, closed = left(site, "Argan Démo"), left(site, "Babel Démo")
    left(site, "Cèdre Démo")
    tenancies.signed(site, scene.office(site), start=add_months(today(), -22))
    mistaken = declare(company=closed, said=Said(today(), "trading"), acting_user=None)
    declare(
        company=closed, said=Said(LEFT + ONE_DAY, "closed"), replaces=mistaken, acting_user=None
    )
    declare(company=trading, said=Said(today(), "trading"), acting_user=None)
    return site


def test_page_and_file_tell_each_companys_outcome(three_left: Site) -> None:
    client = doors.staff_client(Role.DIRECTOR)
    page = client.get(f"/staff/figures/{NAME}/?lang=en")
    card = page.context["card"]
    assert (card.value, card.beside) == ("50.0%", "outcome unknown: 1")
    day, after = f"{today():%d/%m/%Y}", f"{LEFT + ONE_DAY:%d/%m/%Y}"
    codes = ("company", "outcome", "declared_on")
    assert [
        (*(row["cells"][code].text for code in codes), row["numerator"], row["denominator"])
        for row in page.context["rows"]
    ] == [
        ("Argan Démo", "trading", day, "1", "1"),
        ("Babel Démo", "closed", after, "0", "1"),
        ("Cèdre Démo", "unknown", "", "0", "0"),
    ]
    for sentence in page.context["details"]:
        assert str(sentence) in page.content.decode()
    file = client.get(f"/staff/figures/{NAME}/?site=CAS&format=csv")
    text = b"".join(file.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    lines = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [(line["outcome"], line["declared_on"], line["end"]) for line in lines] == [
        ("trading", today().isoformat(), LEFT.isoformat()),
        ("closed", (LEFT + ONE_DAY).isoformat(), LEFT.isoformat()),
        ("unknown", "", LEFT.isoformat()),
    ]


def test_shell_and_rest_say_the_number_unknown(three_left: Site) -> None:
    printed = io.StringIO()
    call_command("indicators", NAME, stdout=printed)
    assert printed.getvalue().split() == [NAME, "0.500000", "=", "1", "/", "2,", "1", "unknown"]
    printed = io.StringIO()
    call_command("indicators", NAME, site="CAS", json=True, stdout=printed)
    assert json.loads(printed.getvalue())["beside"] == {"unknown": "1"}
    answer = rest(f"indicators/{NAME}/rows/")
    assert answer["figure"]["beside"] == {"unknown": "1"}
    assert [(row["company_name"], row["more"]["outcome"]) for row in answer["results"]] == [
        ("Argan Démo", "trading"),
        ("Babel Démo", "closed"),
        ("Cèdre Démo", "unknown"),
    ]
    about = {row["name"]: row["details"] for row in rest("indicators/")["results"]}
    assert len(about[NAME]) == 3
    assert about["waiting_list"] == []


def rest(address: str) -> Any:
    client = clients.client(Role.AUDITOR)
    return client.get(f"/api/v1/{address}").json()


def test_a_declaration_makes_the_days_from_its_own_on_be_computed_again(three_left: Site) -> None:
    company = Company.objects.get(name="Cèdre Démo")
    Touched.objects.all().delete()
    since = today() - timedelta(days=4)
    wrong = declare(company=company, said=Said(since, "closed"), acting_user=None)
    declare(company=company, said=Said(today(), "trading"), replaces=wrong, acting_user=None)
    news = News(Subject.DECLARATIONS, None, Period(since))
    # What is replaced was told of its own days.
    assert [touched.news for touched in Touched.objects.all()] == [news, news]


def test_two_records_of_one_company_bear_the_declarations_of_both(three_left: Site) -> None:
    keep = Company.objects.get(name="Cèdre Démo")
    other = scene.company("Cèdre Démo SARL")
    declare(company=other, said=Said(LEFT + ONE_DAY, "acquired"), acting_user=None)
    Touched.objects.all().delete()
    merge_companies(keep=keep, duplicate=other, acting_user=None)
    assert Touched.objects.get().news == News(Subject.DECLARATIONS, None, Period(LEFT + ONE_DAY))
    figure = Network().figure(NAME, today())
    found: list[Any] = [figure.numerator, figure.denominator, figure.beside["unknown"]]
    assert found == [2, 3, 0]
