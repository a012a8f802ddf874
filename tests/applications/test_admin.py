"""Staff decide on the file's page: offer, refuse, answer for the applicant, open again."""

import html
from datetime import timedelta

import pytest
from django.test import Client

from accounts.choices import Role
from applications.models import Application, Offer
from core.periods import add_months, today
from leases.models import Lease
from sites.errors import NoRatePlan
from sites.models import Booking, Site
from tests.factories import doors, scene

pytestmark = pytest.mark.django_db

NOTHING_FREE = "Nothing is free for all of these days."


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def officer(site: Site) -> Client:
    return doors.staff_client(Role.ADMISSIONS_OFFICER, site)


def act(client: Client, file: Application, verb: str, **given: str) -> int:
    """Press the button; 302 when it was done."""
    address = f"/staff/applications/application/{file.pk}/{verb}/?lang=en"
    return client.post(address, given).status_code


def test_offer_page_names_the_best_fit_first_with_its_rent(officer: Client, site: Site) -> None:
    scene.office(site, area_m2="40.00", code="BIG")
    fit = scene.office(site, area_m2="18.00", code="FIT")
    file = scene.decided(scene.application(site))
    page = officer.get(f"/staff/applications/application/{file.pk}/offer/?lang=en")
    choices = [str(label) for _key, label in page.context["form"].fields["space"].choices]
    assert choices[0].startswith(
        f"A-{fit.code} · floor 1 · 18\xa0m² · 900.00\xa0MAD a month · deposit 900.00\xa0MAD · from"
    )
    assert choices[1].startswith("A-BIG")


def test_offer_holds_the_space_and_a_second_is_refused(officer: Client, site: Site) -> None:
    space = scene.office(site)
    file = scene.decided(scene.application(site))
    until = (today() + timedelta(days=5)).isoformat()
    assert act(officer, file, "offer", space=str(space.pk), open_until=until) == 302
    offer = Offer.objects.get()
    assert (offer.application, offer.space, offer.state) == (file, space, "open")
    assert Booking.objects.get().kind == "hold"
    # Another tab, opened before: the state has changed meanwhile.
    other = scene.office(site)
    page = officer.post(
        f"/staff/applications/application/{file.pk}/offer/?lang=en",
        {"space": str(other.pk), "open_until": until},
    )
    assert page.status_code == 200
    assert "does not allow this" in page.content.decode()
    assert Offer.objects.count() == 1


def test_offer_form_refuses_a_taken_space_and_a_past_day(officer: Client, site: Site) -> None:
    taken = scene.office(site)
    scene.offer(scene.application(site), taken)
    file = scene.decided(scene.application(site))
    page = officer.post(
        f"/staff/applications/application/{file.pk}/offer/?lang=en",
        {"space": str(taken.pk), "open_until": (today() - timedelta(days=1)).isoformat()},
    )
    assert set(page.context["form"].errors) == {"space", "open_until"}


@pytest.mark.parametrize(
    "query", ["start=x", "tenant_kind=nope", "start=2030-02-01&last_day=2030-01-01"]
)
def test_offer_page_survives_a_bad_search(officer: Client, site: Site, query: str) -> None:
    file = scene.decided(scene.application(site))
    page = officer.get(f"/staff/applications/application/{file.pk}/offer/?{query}")
    assert page.status_code == 200
    assert page.context["search"].errors
    assert NOTHING_FREE not in page.content.decode()


def test_offer_page_says_why_there_is_nothing_to_offer(officer: Client, site: Site) -> None:
    file = scene.decided(scene.application(site))
    address = f"/staff/applications/application/{file.pk}/offer/?lang=en"
    assert NOTHING_FREE in officer.get(address).content.decode()
    # Other days would not help: no tariff says what it costs.
    page = officer.get(f"{address}&tenant_kind=large").content.decode()
    assert NoRatePlan(site=site.name, day=file.wanted_start).message in html.unescape(page)
    assert NOTHING_FREE not in page


def test_from_screening_to_a_published_refusal_and_back(officer: Client, site: Site) -> None:
    file = scene.application(site)
    assert act(officer, file, "start-screening") == 302
    assert act(officer, file, "send-to-review") == 302
    assert act(officer, file, "prepare-for-committee") == 302
    assert act(officer, file, "decide", outcome="refuse") == 200  # no reason given
    assert act(officer, file, "decide", outcome="refuse", reasons="no_space", note="Complet") == 302
    assert act(officer, file, "publish") == 302
    assert act(officer, file, "reopen", reason="Un bureau se libère.") == 302
    file.refresh_from_db()
    decision = file.decisions.get()
    assert (file.state, decision.reasons, decision.note) == ("screening", ["no_space"], "Complet")
    assert decision.published_at is not None
    assert decision.superseded_at is not None
    assert [step.step for step in file.transitions.order_by("id")] == [
        "submit",
        "start_screening",
        "send_to_review",
        "prepare_for_committee",
        "decide",
        "publish_refusal",
        "reopen",
    ]


@pytest.mark.parametrize(
    ("verb", "given", "state"),
    [
        ("accept", {}, "accepted"),
        ("decline-offer", {"reason": "Trop loin."}, "offer_declined"),
        ("withdraw", {"reason": "Abandon."}, "withdrawn"),
    ],
)
def test_staff_answer_for_the_applicant(
    officer: Client, site: Site, verb: str, given: dict[str, str], state: str
) -> None:
    file = scene.application(site)
    scene.offer(file, scene.office(site))
    assert act(officer, file, verb, **given) == 302
    file.refresh_from_db()
    assert file.state == state
    assert Lease.objects.filter(application=file).exists() == (verb == "accept")


def test_buttons_follow_state_and_right(site: Site) -> None:
    file = scene.application(site)
    page = f"/staff/applications/application/{file.pk}/change/?lang=en"
    decides = doors.staff_client(Role.DIRECTOR).get(page).content.decode()
    reads = doors.staff_client(Role.AUDITOR).get(page).content.decode()
    verbs = ("start-screening", "mark-spam", "withdraw", "offer", "decide", "publish", "reopen")
    assert [verb for verb in verbs if f"{file.pk}/{verb}/" in decides] == list(verbs[:3])
    assert [verb for verb in verbs if f"{file.pk}/{verb}/" in reads] == []
    assert act(doors.staff_client(Role.AUDITOR), file, "mark-spam") == 403


def test_search_finds_names_without_their_accents(officer: Client, site: Site) -> None:
    file = scene.application(site, name="Énergie Démo")
    scene.application(site, name="Autre Projet")
    found = officer.get("/staff/applications/application/?q=energie").context["cl"].result_list
    assert list(found) == [file]


def test_offer_search_keeps_within_its_period(officer: Client, site: Site) -> None:
    space = scene.office(site)
    scene.offer(scene.application(site), space, start=add_months(today(), 6))
    file = scene.application(site)
    address = f"/staff/applications/application/{file.pk}/offer/"
    before = f"?start={today()}&last_day={add_months(today(), 3)}"
    assert [
        key for key, _label in officer.get(address + before).context["form"].fields["space"].choices
    ] == [str(space.pk)]
    assert officer.get(address).context["form"].fields["space"].choices == []
