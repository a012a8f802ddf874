"""A draft's chapters: kept as one types, checked, shown again as they were; nothing is lost."""

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from applications.models import Application
from core.periods import ONE_DAY, today
from sites.models import Site
from tests.factories import calls, scene
from tests.factories.visitor import begun, fill, text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("chapter", "changed", "field"),
    [
        ("applicant", {"name": ""}, "name"),
        ("applicant", {"name": "a" * 201}, "name"),
        ("applicant", {"legal_form": "xyz"}, "legal_form"),
        ("applicant", {"contact_phone": "12"}, "contact_phone"),
        ("applicant", {"ice": "123"}, "ice"),
        ("applicant", {"website": f"https://demo.example/{'a' * 200}"}, "website"),
        ("project", {"team_size": "0"}, "team_size"),
        ("project", {"project": "x" * 20_001}, "project"),
        ("space", {"wanted_m2": "douze"}, "wanted_m2"),
        ("space", {"wanted_m2": "0"}, "wanted_m2"),
        ("space", {"wanted_start": (today() - ONE_DAY).isoformat()}, "wanted_start"),
        ("space", {"wanted_start": "9999-12-31"}, "wanted_start"),
    ],
)
def test_what_is_wrong_is_kept_named_and_keeps_the_rest_from_being_sent(
    client: Client, site: Site, chapter: str, changed: dict[str, str], field: str
) -> None:
    address = begun(client, site)
    fill(client, address)
    refused = client.post(f"{address}{chapter}/", scene.typed(**changed), follow=True)
    assert refused.redirect_chain == [(f"{address}{chapter}/?check#errors", 302)]
    assert set(refused.context["form"].errors) == {field}
    assert f'href="#id_{field}"' in refused.content.decode()
    draft = Application.objects.get()
    assert draft.typed is not None
    assert draft.typed[field] == changed[field]
    last = client.post(f"{address}send/", {"consent": "on"})
    assert last.status_code == 422
    assert f'href="{address}{chapter}/?check#id_{field}"' in last.content.decode()
    assert not client.get(f"{address}{chapter}/").context["form"].errors
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_typing_is_kept_and_shows_what_hangs_on_an_answer(client: Client, site: Site) -> None:
    version = calls.draft(site)
    calls.question(version, "stage", "choice", choices=calls.choices("idea", "sales"))
    calls.question(version, "customers", "number", required=True,
                   shown_if="stage", shown_if_values=["sales"])  # fmt: skip
    calls.in_use(version)
    address = f"{begun(client, site)}project/"
    page = client.get(address).content.decode()
    assert page.count('id="slot_q_customers"') == 1
    assert 'name="q_customers"' not in page
    typing = {"project": "Un", "team_size": "", "shown": ""}
    headers = {"HX-Request": "true"}
    tomorrow = dt.datetime.combine(today() + ONE_DAY, dt.time(10, 32, 5), dt.UTC)
    with time_machine.travel(tomorrow, tick=False):
        kept = client.post(address, {**typing, "q_stage": "idea"}, headers=headers)
    assert (kept.status_code, text(kept)) == (200, "Saved at 10:32")
    kept = client.post(address, {**typing, "q_stage": "sales"}, headers=headers)
    assert 'name="q_customers"' in kept.content.decode()
    assert 'value="q_customers"' in kept.content.decode()
    draft = Application.objects.get()
    assert draft.typed == {"project": "Un", "team_size": "", "q_stage": "sales"}
    # Without scripts the button comes back with the question that the answer asks.
    again = client.post(address, {**scene.typed(), "q_stage": "sales", "shown": ""}, follow=True)
    assert set(again.context["form"].errors) == {"q_customers"}
    on = client.post(
        address, {**scene.typed(), "q_stage": "sales", "q_customers": "12", "shown": "q_customers"}
    )
    assert on["Location"].endswith("/space/")
    left = client.post(address, {"project": "Deux", "leaving": "1"})
    assert left.status_code == 204
    draft.refresh_from_db()
    assert draft.typed is not None
    assert (draft.typed["project"], draft.typed["q_customers"]) == ("Deux", "12")


def test_two_tabs_take_nothing_back_from_each_other(client: Client, site: Site) -> None:
    address = begun(client, site)
    fill(client, address, project="Un\nDeux", team="Amina", sectors=[])
    page = f"{address}project/"

    def opened() -> str:
        (seen,) = re.findall(r'name="seen" value="([^"]*)"', client.get(page).content.decode())
        return str(seen)

    def types(seen: str, **fields: str) -> str:
        """Both texts stand in the page, whatever was changed; the answer has the page's marks."""
        typed = {"project": "Un\r\nDeux", "team": "Amina", "team_size": "3", **fields}
        kept = client.post(page, {**typed, "seen": seen}, headers={"HX-Request": "true"})
        (seen,) = re.findall(r'name="seen"\s+value="([^"]*)"', kept.content.decode())
        return str(seen)

    def stands() -> tuple[Any, Any]:
        typed = Application.objects.get().typed or {}
        return typed["project"], typed["team"]

    one = other = opened()
    one = types(one, project="Un seul")
    other = types(other, team="Amina, Yassine")
    assert stands() == ("Un seul", "Amina, Yassine")
    # What was changed comes back too, in the tab where it was changed.
    types(one)
    assert stands() == ("Un\nDeux", "Amina, Yassine")
    types(other, team="Yassine")
    assert stands() == ("Un\nDeux", "Yassine")
    # Without scripts likewise; and a page that shows nothing yet says everything.
    client.post(page, {**scene.typed(), "project": "Un\r\nDeux", "team": "", "seen": opened()})
    assert stands() == ("Un\nDeux", "")


def test_a_chapter_costs_the_same_however_much_is_asked(client: Client, site: Site) -> None:
    version = calls.draft(site)
    calls.question(version, "one", "text")
    calls.wanted(version, "plan")
    calls.in_use(version)
    other = calls.draft(scene.site("RAB"), code="long")
    for number in range(30):
        calls.question(other, f"q{number}", "choice", choices=calls.choices("a", "b"))
        calls.wanted(other, f"d{number}")
    calls.in_use(other)
    costs = []
    for where in (site, Site.objects.get(code="RAB")):
        address = begun(client, where)
        with CaptureQueriesContext(connection) as asked:
            client.get(f"{address}project/")
        costs.append(len(asked))
    assert costs == [9, 9]
