"""The network's file: idempotent, a fifth site is an edit, a bad file changes nothing."""

import datetime as dt
from pathlib import Path

import pytest
from django.utils import translation

from core.periods import Period
from sites.management.commands.load_network import DEFAULT
from sites.models import RatePlanStep, Site, SiteCapacity
from sites.services.network import BadNetworkFile, load_network

pytestmark = pytest.mark.django_db

FIFTH = """
[[site]]
code = "ESS"
lessor = "mitc"
name = { fr = "Essaouira", ar = "الصويرة", en = "Essaouira" }
city = "Essaouira"
opened_on = 2023-01-01
capacities = [{ companies = 40, since = 2023-01-01 }]
"""


def test_twice_changes_nothing() -> None:
    first = load_network(path=DEFAULT, acting_user=None)
    assert set(first) == {"added"}
    assert load_network(path=DEFAULT, acting_user=None) == {"unchanged": first["added"]}
    assert list(Site.objects.order_by("opened_on").values_list("code", "opened_on")) == [
        ("CAS", dt.date(2001, 10, 1)),
        ("RAB", dt.date(2012, 1, 1)),
        ("TNG", dt.date(2015, 1, 1)),
        ("AGA", dt.date(2021, 1, 1)),
    ]
    steps = RatePlanStep.objects.filter(plan__site__code="TNG", plan__tenant_kind="startup")
    assert [(s.after_months, s.rate) for s in steps] == [(0, 50), (18, 100)]


def test_a_fifth_site_and_a_changed_capacity_are_edits(tmp_path: Path) -> None:
    load_network(path=DEFAULT, acting_user=None)
    text = DEFAULT.read_text().replace(
        "{ companies = 80, since = 2021-01-01 }",
        "{ companies = 80, since = 2021-01-01, until = 2024-12-31 }, "
        "{ companies = 107, since = 2025-01-01 }",
    )
    edited = tmp_path / "network.toml"
    edited.write_text(text + FIFTH)
    done = load_network(path=edited, acting_user=None)
    assert (done["added"], done["changed"]) == (3, 1)
    assert list(
        SiteCapacity.objects.filter(site__code="AGA").values_list("period", "companies")
    ) == [
        (Period(dt.date(2021, 1, 1), dt.date(2025, 1, 1)), 80),
        (Period(dt.date(2025, 1, 1)), 107),
    ]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "nowhere.toml"
    with translation.override("en"), pytest.raises(BadNetworkFile) as refused:
        load_network(path=missing, acting_user=None)
    assert refused.value.message == f"{missing}: No such file or directory."


@pytest.mark.parametrize(
    ("wrong", "place", "reason"),
    [
        ("[[site", "network.toml", "Expected"),
        (FIFTH.replace('lessor = "mitc"\n', ""), "[[site]] 5 ESS", "lessor is missing"),
        (FIFTH.replace("mitc", "nobody"), "[[site]] 5 ESS", "Lessor"),
        (FIFTH.replace('"ESS"', '"ess"'), "[[site]] 5 ESS".replace("ESS", "ess"), "Capital"),
        (FIFTH + "[[lease]]\n", "network.toml", "unknown table lease"),
    ],
)
def test_a_bad_file_is_one_clear_line_and_changes_nothing(
    tmp_path: Path, wrong: str, place: str, reason: str
) -> None:
    bad = tmp_path / "network.toml"
    bad.write_text(DEFAULT.read_text() + wrong)
    with translation.override("en"), pytest.raises(BadNetworkFile) as refused:
        load_network(path=bad, acting_user=None)
    assert refused.value.data["place"] == place
    assert reason in refused.value.data["reason"]
    assert Site.objects.count() == 0
