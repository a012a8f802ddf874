"""Who writes to whom about a file, who reads it, and which letter leaves."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.choices import Role
from applications.errors import BadRemark, NothingToAnswer, TooManyRemarks
from applications.models import Remark
from applications.selectors.conversation import (
    awaiting_reply,
    remarks_for,
    remarks_for_applicant,
)
from applications.services import conversation
from applications.services.conversation import leave_unanswered, say
from core.errors import NotAllowed
from core.models import Message
from sites.models import Site
from tests.factories import clients, doors, scene
from tests.factories.circle import in_conflict, reviewer_of

pytestmark = pytest.mark.django_db


def letters() -> list[tuple[str, str]]:
    sent = Message.objects.filter(matter__endswith=":conversation").order_by("id")
    return list(sent.values_list("to", "state"))


def test_everybody_reads_what_is_meant_for_them(site: Site) -> None:
    file = scene.application(site)
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    reviewer = reviewer_of(file, "open")
    for visibility in ("applicant", "reviewers", "staff"):
        say(application=file, body=visibility, visibility=visibility, acting_user=officer)
    say(application=file, body="merci", visibility="applicant", acting_user=file.applicant)
    say(application=file, body="un avis", visibility="reviewers", acting_user=reviewer)
    everything = ["applicant", "reviewers", "staff", "merci", "un avis"]
    readers = {
        "officer": officer,
        "auditor": scene.staff(Role.AUDITOR),
        "reviewer": reviewer,
        "not yet declared": reviewer_of(file, "assigned"),
        "elsewhere": scene.staff(Role.ADMISSIONS_OFFICER, scene.site("RAB")),
        "in conflict": in_conflict(file, scene.staff(Role.DIRECTOR)),
        "finance": scene.staff(Role.FINANCE_OFFICER, site),
    }
    assert {
        who: [remark.body for remark in remarks_for(user, file)] for who, user in readers.items()
    } == {
        "officer": everything,
        "auditor": everything,
        "reviewer": ["reviewers", "un avis"],
        "not yet declared": [],
        "elsewhere": [],
        "in conflict": [],
        "finance": [],
    }
    told = [(remark.body, remark.by_applicant) for remark in remarks_for_applicant(file)]
    assert told == [("applicant", False), ("merci", True)]


def test_who_may_not_write(site: Site) -> None:
    file = scene.application(site)
    reviewer = reviewer_of(file, "open")
    refused = [
        (scene.application(site).applicant, "applicant"),
        (file.applicant, "staff"),
        (file.applicant, "reviewers"),
        (reviewer, "applicant"),
        (reviewer, "staff"),
        (reviewer_of(file, "assigned"), "reviewers"),
        (in_conflict(file, scene.staff(Role.DIRECTOR)), "staff"),
        (in_conflict(file, reviewer_of(file, "open")), "reviewers"),
        (scene.staff(Role.AUDITOR), "staff"),
        (scene.staff(Role.ADMISSIONS_OFFICER, scene.site("RAB")), "applicant"),
    ]
    for user, visibility in refused:
        with pytest.raises(NotAllowed):
            say(application=file, body="x", visibility=visibility, acting_user=user)
    assert (file.remarks.count(), letters()) == (0, [])


def test_one_letter_with_a_link_and_none_of_the_words(site: Site) -> None:
    file = scene.application(site)
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    for words in ("un secret", "un autre"):
        say(application=file, body=words, visibility="applicant", acting_user=officer)
    say(application=file, body="reçu", visibility="applicant", acting_user=file.applicant)
    say(application=file, body="entre nous", visibility="staff", acting_user=officer)
    assert letters() == [(file.contact_email, "superseded"), (file.contact_email, "to_send")]
    body = Message.objects.get(matter__endswith=":conversation", state="to_send").body
    assert f"/my/{file.reference}/" in body
    assert "autre" not in body


def test_the_files_that_await_a_reply(site: Site) -> None:
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    waiting, answered, silent = (scene.application(site) for _file in range(3))
    for file in (waiting, answered):
        say(application=file, body="?", visibility="applicant", acting_user=file.applicant)
    say(application=waiting, body="à voir", visibility="staff", acting_user=officer)
    say(application=answered, body="!", visibility="applicant", acting_user=officer)
    assert list(awaiting_reply(officer)) == [waiting]
    assert silent not in awaiting_reply(officer)


def test_a_thank_you_wants_no_answer(site: Site) -> None:
    file = scene.application(site)
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    client = doors.signed_in(officer)
    page = f"/staff/applications/application/{file.pk}"
    press = f"{page}/leave-unanswered/"
    reviewer, elsewhere = reviewer_of(file, "open"), scene.site("RAB")
    with pytest.raises(NothingToAnswer):
        leave_unanswered(application=file, acting_user=officer)

    def says(body: str) -> Remark:
        return say(application=file, body=body, visibility="applicant", acting_user=file.applicant)

    thanks = says("Merci !")
    for user in (
        file.applicant,
        reviewer,
        in_conflict(file, scene.staff(Role.DIRECTOR)),
        scene.staff(Role.AUDITOR),
        scene.staff(Role.ADMISSIONS_OFFICER, elsewhere),
    ):
        with pytest.raises(NotAllowed):
            leave_unanswered(application=file, acting_user=user)
    assert f'name="read" value="{thanks.pk}"' in client.get(f"{page}/change/").content.decode()
    # Meanwhile the applicant asks something: nobody has read that.
    question = says("Et les clés ?")
    assert client.post(press, {"read": thanks.pk}).status_code == 200
    assert list(awaiting_reply(officer)) == [file]
    for _press in range(2):
        pressed = client.post(press, {"read": question.pk})
        assert (pressed.status_code, pressed["Location"]) == (302, f"{page}/change/#conversation")
    settled = file.remarks.get(settles=True)
    assert (settled.author, settled.visibility, settled.body) == (officer, "staff", "")
    assert list(awaiting_reply(officer)) == []
    shown = client.get(f"{page}/change/?lang=en")
    assert "No answer needed" in shown.content.decode()
    assert 'name="read"' not in shown.content.decode()
    assert settled not in [*remarks_for_applicant(file), *remarks_for(reviewer, file)]
    assert letters() == []
    # What comes after it waits again.
    says("Une question encore")
    assert list(awaiting_reply(officer)) == [file]
    program, address = clients.writer_of(officer), f"/api/v1/applications/{file.reference}"
    done = program.post(f"{address}/leave-unanswered/", {}, content_type="application/json")
    assert (done.status_code, list(awaiting_reply(officer))) == (200, [])


def test_a_double_click_is_one_remark(site: Site) -> None:
    file = scene.application(site)
    now = timezone.now()
    for after in (0, 10, 90):
        with time_machine.travel(now + timedelta(seconds=after), tick=False):
            say(application=file, body=" ok\r\n", visibility="applicant", acting_user=None)
    assert list(file.remarks.values_list("body", flat=True)) == ["ok", "ok"]


@pytest.mark.parametrize(
    ("body", "visibility", "field"),
    [(" \n", "staff", "body"), ("a" * 20_001, "staff", "body"), ("a\0b", "staff", "body"),
     ("x", "all", "visibility")],
)  # fmt: skip
def test_a_bad_remark_names_its_field(site: Site, body: str, visibility: str, field: str) -> None:
    with pytest.raises(BadRemark) as refused:
        say(application=scene.application(site), body=body, visibility=visibility, acting_user=None)
    assert refused.value.field == field


def test_an_applicant_has_a_measure(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "MOST_A_DAY", 2)
    file = scene.application(site)
    for words in ("1", "2"):
        say(application=file, body=words, visibility="applicant", acting_user=file.applicant)
    with pytest.raises(TooManyRemarks):
        say(application=file, body="3", visibility="applicant", acting_user=file.applicant)
