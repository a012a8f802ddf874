"""`manage.py indicators`: what REST answers, from the shell."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django.plugin import DjangoDbBlocker

from core.periods import ONE_DAY, add_months, today
from indicators.formulas import INDICATORS
from sites.models import Site
from tests.factories import scene, tenancies
from tests.factories.kept import for_all_tests

pytestmark = pytest.mark.django_db

CAME = add_months(today(), -3)


def printed(*words: str, **options: Any) -> str:
    out = io.StringIO()
    call_command("indicators", *words, stdout=out, **options)
    return out.getvalue()


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """Somebody for two years, gone when somebody else came into the other room."""
    with for_all_tests(django_db_blocker):
        site = scene.site("CAS")
        long_ago, old, new = add_months(CAME, -24), scene.company("Argan"), scene.company("Babel")
        tenancies.signed(site, scene.office(site), company=old, start=long_ago, months=24)
        tenancies.signed(site, scene.office(site), company=new, start=CAME)
        yield site


def test_figures_and_series(house: Site) -> None:
    every = printed().splitlines()
    assert [line.split()[0] for line in every] == list(INDICATORS)
    assert every[2].split() == ["occupancy_area", "0.500000", "=", "20", "/", "40"]
    days = ["--from", f"{CAME - ONE_DAY}", "--to", f"{CAME}", "--step", "day"]
    assert [line.split() for line in printed("ever_hosted", *days).splitlines()] == [
        [f"{CAME - ONE_DAY}", "1", "=", "1"],
        [f"{CAME}", "2", "=", "2"],
    ]
    told = json.loads(printed("entries", *days, "--over", "period", "--against", "year", "--json"))
    assert [one["value"] for one in told["results"]] == ["0", "1"]
    assert [one["value"] for one in told["against"]] == ["0", "0"]
    figure = json.loads(printed("hosted", "--json", "--against", "CAS", "--tenant-kind", "sme"))
    assert (figure["value"], figure["against"]["site"]) == ("1", "CAS")
    lines = list(csv.DictReader(io.StringIO(printed("--csv", "--on", f"{CAME}", "--site", "CAS"))))
    assert [line["name"] for line in lines] == list(INDICATORS)


def test_rows_changes_and_profiles(house: Site) -> None:
    rows = printed("hosted", "--rows").splitlines()
    assert len(rows) == 2
    assert "Babel · CAS · " in rows[0]
    assert rows[1].split() == ["hosted", "1", "=", "1"]
    days = ["--from", f"{CAME - ONE_DAY}"]
    change = printed("hosted", "--change", *days).splitlines()
    assert [line.split("  ")[-1].strip() for line in (change[1], change[3])] == [
        "came (1): +1",
        "left (1): -1",
    ]
    told = json.loads(printed("hosted", "--change", *days, "--json"))
    assert [(one["cause"], one["company_name"]) for one in told["results"]] == [
        ("came", "Babel"),
        ("left", "Argan"),
    ]
    in_file = list(csv.DictReader(io.StringIO(printed("hosted", "--change", *days, "--csv"))))
    assert [(one["cause"], one["effect"]) for one in in_file] == [("came", "1"), ("left", "-1")]
    scene.application(house)
    assert printed("funnel", "--site", "CAS").splitlines()[0].split() == [
        *("received", "1", "applications,", "1.000000", "share"),
    ]
    assert json.loads(printed("funnel", "--json"))["results"][0]["key"] == "received"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("nope", "There is no indicator « nope ». Known: hosted, "),
        ("hosted --on tomorrow", "'tomorrow' is not a day: write it as 2018-07-31."),
        ("hosted --site ZZZ", "There is no site 'ZZZ'. Known: CAS."),
        ("hosted --against ZZZ", "There is no site 'ZZZ'. Known: CAS, year."),
        ("hosted --building CAS:Z", "There is no building « CAS:Z ». Known: CAS:A."),
        (
            "waiting_list --sector ict",
            "« waiting_list » cannot be narrowed by sector, but by site.",
        ),
        ("--sector ict", "A part wants the name of an indicator."),
        ("--rows", "--rows and --change want the name of an indicator."),
        ("--step day", "A series wants the name of an indicator."),
        ("hosted --on 2026-01-01 --step day", "Ask for a day (--on) or for a series (--from,"),
        ("hosted --from 2026-01-01 --to 2025-01-01", "The series must end after it starts"),
        ("hosted --over period", "hosted is a state of a day: its days do not add up"),
        (
            "hosted --change --from 2026-01-02 --to 2026-01-01",
            "The last day is before the first.",
        ),
        ("hosted --rows --step day", "Rows are those of one day (--on)."),
        ("hosted --change --on 2026-01-01", "A change lies between two days (--from, --to)."),
        ("funnel --rows", "A profile is of one day: it has no series, rows or changes."),
        ("hosted --rows --change", "Error: argument --change: not allowed with argument --rows"),
    ],
)
def test_what_cannot_be_asked_is_said(house: Site, words: str, said: str) -> None:
    with pytest.raises(CommandError) as refused:
        printed(*words.split())
    assert str(refused.value).startswith(said)
