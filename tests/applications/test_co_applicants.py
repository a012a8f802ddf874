"""People who apply together: invited by a letter, let in by a code, and not to everything."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from applications.errors import BadInvitation, OtherAddress
from applications.models import Application, CoApplicant
from applications.permissions import applies
from applications.services import co_applicants
from applications.services.answers import accept_offer, decline_offer, withdraw
from applications.services.conversation import say
from applications.services.drafting import send_way_back
from applications.services.expiry import expire_offers
from applications.services.requests import answer_request
from applications.views.limits import InviteThrottle
from core.errors import NotAllowed
from core.models import Message, MessageState
from sites.models import Site
from tests.factories import asked, doors, scene

pytestmark = pytest.mark.django_db
FRIEND = "friend@example.org"


def invited(file: Application, email: str = FRIEND) -> CoApplicant:
    return co_applicants.invite(application=file, email=email, acting_user=file.applicant)


def come(file: Application, email: str = FRIEND) -> User:
    invitation = invited(file, email)
    co_applicants.may_sign_in(invitation=invitation)
    user = User.objects.get(email=email)
    co_applicants.join(invitation=invitation, acting_user=user)
    return user


def link() -> str:
    body = Message.objects.filter(matter__contains=":invitation-").latest("id").body
    (address,) = re.findall(r"/my/join/\S+", body)
    return str(address)


def test_by_the_letters_link_and_a_code(site: Site) -> None:
    file = asked.application(site)
    owner = doors.applicant_client(file)
    told = owner.post(
        f"/my/{file.reference}/people/?lang=en", {"email": " Friend@Example.org "}, follow=True
    )
    assert "An invitation is on its way to friend@example.org." in told.content.decode()
    assert Message.objects.latest("id").to == FRIEND
    address = link()
    browser = Client()
    assert browser.get(address).status_code == 200
    assert not User.objects.filter(email=FRIEND).exists()  # looking makes no account
    sent = browser.post(address)
    assert sent["Location"] == f"/account/login/code/?next={quote(address, safe='')}"
    friend = doors.signed_in(User.objects.get(email=FRIEND), second_factor=False)
    page = f"/my/{file.reference}/"
    assert friend.get(page).status_code == 404
    # Somebody else who got hold of the letter is not let in.
    assert doors.applicant_client(asked.application(site)).post(address).status_code == 403
    for _click in range(2):
        assert friend.post(address)["Location"] == page
    shown = friend.get(f"{page}?lang=en")
    assert (shown.status_code, shown.context["can"], shown.context["owner"]) == (200, [], False)
    assert "Take all your data away" in shown.content.decode()
    assert friend.get("/my/").context["rows"][0]["file"] == file
    assert friend.post(f"{page}people/", {"email": "more@example.org"}).status_code == 422
    person = CoApplicant.objects.get()
    left = friend.post(f"{page}people/{person.pk}/remove/")
    assert (left["Location"], friend.get(page).status_code) == ("/my/", 404)
    assert friend.post(address).status_code == 410


def test_a_co_applicant_answers_and_writes_but_binds_nobody(site: Site) -> None:
    file = asked.application(site)
    friend = come(file)
    scene.asked(file, ["project"])
    answer_request(application=file, changes={"project": "Ensemble"}, acting_user=friend)
    remark = say(application=file, body="?", visibility="applicant", acting_user=friend)
    assert (remark.by_applicant, file.revisions.latest("number").sent_by) == (True, friend)
    offer = scene.offer(file, None, tenant_kind="domiciliation")
    with pytest.raises(NotAllowed):
        accept_offer(offer=offer, acting_user=friend)
    with pytest.raises(NotAllowed):
        decline_offer(offer=offer, reason="x", acting_user=friend)
    with pytest.raises(NotAllowed):
        withdraw(application=file, reason="x", acting_user=friend)
    page = doors.signed_in(friend, second_factor=False).get(f"/my/{file.reference}/?lang=en")
    assert "The applicant alone accepts or declines it." in page.content.decode()
    file.refresh_from_db()
    assert file.state == "offered"


def test_those_beside_the_applicant_have_a_copy_of_each_letter_but_of_the_drafts_key(
    site: Site,
) -> None:
    draft = scene.draft(site)
    come(draft)
    send_way_back(application=draft)
    assert [mail.to for mail in Message.objects.filter(matter__endswith=":draft")] == [
        draft.contact_email
    ]
    file = asked.application(site)
    come(file)
    left = come(file, "left@example.org")
    co_applicants.remove(
        co_applicant=CoApplicant.objects.get(user=left), acting_user=file.applicant
    )
    invited(file, "not-yet@example.org")
    scene.offer(file, scene.office(site))
    letter, copy = Message.objects.filter(matter=f"application:{file.pk}:decision").order_by("-id")
    assert (letter.to, copy.to) == (file.contact_email, FRIEND)
    assert file.letters.get().message == letter
    said, _blank, words = copy.body.split("\n", 2)
    assert (file.contact_name in said, words) == (True, letter.body)
    with time_machine.travel(timezone.now() + timedelta(days=9)):
        assert expire_offers() == 1
    told = Message.objects.filter(matter=f"application:{file.pk}:decision", state="to_send")
    assert sorted(told.values_list("to", flat=True)) == sorted([file.contact_email, FRIEND])


def test_removed_is_outside(site: Site) -> None:
    file = asked.application(site)
    friend, other = come(file), come(file, "other@example.org")
    person = CoApplicant.objects.get(user=friend)
    for stranger in (other, asked.application(site).applicant):
        with pytest.raises(NotAllowed):
            co_applicants.remove(co_applicant=person, acting_user=stranger)
    for _click in range(2):
        co_applicants.remove(co_applicant=person, acting_user=file.applicant)
    assert (applies(friend, file), applies(other, file)) == (False, True)
    with pytest.raises(NotAllowed):
        say(application=file, body="?", visibility="applicant", acting_user=friend)
    assert come(file) == friend  # and may be invited anew


def test_known_or_not_an_address_gets_the_same_letter_and_few_of_them(site: Site) -> None:
    file = asked.application(site)
    User.objects.create_user("known@example.org")
    now = timezone.now()
    for minutes in (0, 1, 61):
        with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
            assert invited(file, "known@example.org") == invited(file, "known@example.org")
    invited(file, "unknown@example.org")
    letters = Message.objects.filter(matter__contains=":invitation-").order_by("id")
    assert [letter.to for letter in letters] == [
        "known@example.org",
        "known@example.org",
        "unknown@example.org",
    ]
    first, second, third = letters
    assert first.subject == second.subject == third.subject
    for number in range(3):
        invited(file, f"{number}@example.org")
    with pytest.raises(BadInvitation):
        invited(file, "one-more@example.org")
    assert file.co_applicants.count() == co_applicants.MOST


def test_one_person_invites_in_measure(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(InviteThrottle, "rate", "2/hour", raising=False)
    first = asked.application(site)
    second = asked.application(site, contact_email=first.contact_email)
    client = doors.applicant_client(first)
    answers = [
        client.post(f"/my/{file.reference}/people/?lang=en", {"email": f"{number}@example.org"})
        for number, file in enumerate((first, second, second))
    ]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    page = answers[-1].content.decode()
    assert "You have invited many people: go on in an hour." in page
    assert 'value="2@example.org"' in page
    other = asked.application(site)
    told = doors.applicant_client(other).post(
        f"/my/{other.reference}/people/", {"email": "friend@example.org"}
    )
    assert (told.status_code, CoApplicant.objects.count()) == (302, 3)


def test_an_address_that_refuses_the_letter_is_named(site: Site) -> None:
    file = asked.application(site)
    client = doors.applicant_client(file)
    invited(file)
    invited(file, "other@example.org")
    page = f"/my/{file.reference}/?lang=en"
    said = "The letter was refused: there seems to be no such address."
    assert said not in client.get(page).content.decode()
    Message.objects.filter(to=FRIEND).update(state=MessageState.FAILED)
    assert client.get(page).content.decode().count(said) == 1
    # Nobody is invited to what has ended.
    assert 'id="invite"' in client.get(page).content.decode()
    withdraw(application=file, reason="x", acting_user=file.applicant)
    assert 'id="invite"' not in client.get(page).content.decode()


def test_links_die(site: Site) -> None:
    file = asked.application(site)
    invited(file)
    old = link()
    now = timezone.now()
    with time_machine.travel(now + timedelta(hours=2)):
        invited(file)
        assert Client().get(old).status_code == 410
        assert Client().get(link()).status_code == 200
    with time_machine.travel(now + timedelta(days=15)):
        assert Client().get(link()).status_code == 410
    assert Client().get("/my/join/forged:token/").status_code == 410


def test_who_and_whom(site: Site) -> None:
    file = asked.application(site)
    for email in ("", "nobody", file.contact_email.upper()):
        with pytest.raises(BadInvitation):
            invited(file, email)
    with pytest.raises(NotAllowed):
        co_applicants.invite(application=file, email=FRIEND, acting_user=come(file))
    with pytest.raises(OtherAddress):
        co_applicants.join(
            invitation=invited(file, "x@example.org"), acting_user=User.objects.get(email=FRIEND)
        )
    withdraw(application=file, reason="x", acting_user=file.applicant)
    with pytest.raises(BadInvitation):
        invited(file, "late@example.org")


def test_nobody_is_invited_from_the_page_that_a_draft_does_not_have(site: Site) -> None:
    draft = scene.draft(site)
    author = doors.applicant_client(draft)
    statuses = [
        author.post(f"/my/{draft.reference}/people/{path}", {"email": "nobody"}).status_code
        for path in ("", "1/remove/")
    ]
    assert statuses == [404, 404]
