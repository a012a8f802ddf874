"""Acts on many files: what would happen to each is shown first, and refusals stop no other."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from applications.admin.bulk import MOST
from applications.models import Application, Transition
from applications.selectors.batches import prospects
from applications.services.screening import start_screening
from applications.workflow import Step
from sites.models import Site
from tests.factories import doors, opinions, scene

pytestmark = pytest.mark.django_db
LIST = "/staff/applications/application/?lang=en"


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


def post(client: Client, verb: str, files: list[Application], **more: str) -> Any:
    chosen = {"action": verb, "_selected_action": [str(file.pk) for file in files], **more}
    return client.post(LIST, chosen)


@pytest.mark.parametrize(
    ("verb", "before", "after", "step"),
    [
        ("screen_selected", "submitted", "screening", "start_screening"),
        ("review_selected", "screening", "review", "send_to_review"),
        ("prepare_selected", "screening", "committee_ready", "prepare_for_committee"),
        ("spam_selected", "submitted", "spam", "mark_spam"),
    ],
)
def test_preview_then_done_to_those_that_can(
    site: Site, verb: str, before: str, after: str, step: str
) -> None:
    first, second = (scene.application(site) for _number in range(2))
    if before == "screening":
        start_screening(application=first, acting_user=None)
        start_screening(application=second, acting_user=None)
    wrong = scene.decided(scene.application(site))
    officer = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    steps = Transition.objects.count()
    page = post(officer, verb, [first, second, wrong])
    rows = [(row.application, bool(row.obstacle)) for row in page.context["rows"]]
    assert rows == [(first, False), (second, False), (wrong, True)]
    assert "The state « decided » does not allow this." in page.content.decode()
    assert "This can be done to 2 of 3 applications." in page.content.decode()
    assert Transition.objects.count() == steps
    done = post(officer, verb, [first, second, wrong], confirmed="yes")
    assert done.status_code == 302
    told = [str(message) for message in get_messages(done.wsgi_request)]
    assert [words.split(": ")[1] for words in told] == ["done for 2 applications."]
    assert [file.state for file in Application.objects.order_by("id")] == [after, after, "decided"]
    last = Transition.objects.select_related("acting_user").latest("id")
    assert (last.step, last.acting_user is not None) == (step, True)


def test_chosen_cards_of_the_board_take_the_same_way(site: Site) -> None:
    first, second = (scene.application(site, name=name) for name in ("Eau", "Énergie"))
    officer = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    board = "/staff/applications/board/?lang=en&q=eau"
    page = officer.get(board).content.decode()
    assert f'form="chosen" name="_selected_action" value="{first.pk}"' in " ".join(page.split())
    assert 'value="screen_selected"' in page
    # Only what the board shows can be chosen there, as in the list.
    chosen = {"action": "screen_selected", "_selected_action": [first.pk, second.pk]}
    preview = officer.post(board, {**chosen, "index": "0"})
    assert [row.application for row in preview.context["rows"]] == [first]
    assert preview.context["back"] == board
    done = officer.post(board, {**chosen, "confirmed": "yes"})
    assert (done.status_code, done["Location"]) == (302, board)
    assert set(Application.objects.values_list("name", "state")) == {
        ("Eau", "screening"),
        ("Énergie", "submitted"),
    }
    # Nothing chosen: said, and back to the board.
    nothing = officer.post(board, {"action": "screen_selected", "index": "0"})
    assert (nothing.status_code, nothing["Location"]) == (302, board)
    auditor = doors.staff_client(Role.AUDITOR)
    assert "_selected_action" not in auditor.get(board).content.decode()
    auditor.post(board, {**chosen, "confirmed": "yes"})
    assert Transition.objects.filter(step="start_screening").count() == 1


def test_nobody_acts_beyond_their_rights_and_sites(site: Site) -> None:
    file = scene.application(site)
    person = scene.staff(Role.ADMISSIONS_OFFICER, site)
    officer = doors.signed_in(person)
    elsewhere = scene.application(scene.site("RAB"))
    post(officer, "spam_selected", [elsewhere], confirmed="yes")
    opinions.declare_conflict(file, person)
    post(officer, "spam_selected", [file], confirmed="yes")
    auditor = doors.staff_client(Role.AUDITOR)
    assert "spam_selected" not in auditor.get(LIST).content.decode()
    post(auditor, "spam_selected", [file], confirmed="yes")
    assert set(Application.objects.values_list("state", flat=True)) == {"submitted"}


def test_rows_that_only_another_site_may_change_say_so(site: Site) -> None:
    """While a transfer is under way both sites see the file; its own alone acts."""
    other = scene.site("RAB")
    file = scene.application(site)
    Application.objects.update(also_site=other)
    user = scene.staff(Role.ADMISSIONS_OFFICER, other)
    seen = Application.objects.visible_to(user)
    found = prospects(seen, Step.START_SCREENING, user)
    assert [(row.application, str(row.obstacle)) for row in found] == [
        (file, "You may not do this at this site.")
    ]


@pytest.mark.parametrize("count", [1, 10])
def test_preview_asks_the_same_however_many(
    site: Site, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = scene.staff(Role.DIRECTOR)
    for _number in range(count):
        scene.application(site)
    with django_assert_num_queries(3):  # the roles, the rights, the rows
        assert len(prospects(Application.objects.all(), Step.MARK_SPAM, user)) == count


def test_a_step_that_needs_more_than_the_files_is_no_bulk_act(site: Site) -> None:
    with pytest.raises(ValueError, match="no step for many"):
        prospects(Application.objects.all(), Step.REOPEN, None)


def test_too_many_at_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST == 500
    monkeypatch.setattr("applications.admin.bulk.MOST", 1)
    files = [scene.application(site) for _number in range(2)]
    officer = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    chosen = {"action": "spam_selected", "_selected_action": [file.pk for file in files]}
    page = officer.post(LIST, {**chosen, "confirmed": "yes"}, follow=True)
    assert "Choose at most 1 applications at once." in page.content.decode()
    shared = officer.post(LIST, {**chosen, "action": "assign_evenly"}, follow=True)
    assert "Choose at most 1 applications at once." in shared.content.decode()
    assert set(Application.objects.values_list("state", flat=True)) == {"submitted"}
