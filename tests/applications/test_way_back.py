"""Whose a draft is, and how they come back to it: by browser, letter, sign-in, a new address."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from applications.errors import ImpossibleStep, TooManyLetters
from applications.models import Application
from applications.services import co_applicants, drafting
from core.errors import NotAllowed
from core.models import Message, MessageState
from sites.models import Site
from tests.factories import calls, doors, scene
from tests.factories.visitor import begun, text

pytestmark = pytest.mark.django_db


def beside(draft: Application) -> User:
    """Somebody who was invited, and came."""
    invitation = co_applicants.invite(
        application=draft, email="friend@demo.example", acting_user=draft.applicant
    )
    co_applicants.may_sign_in(invitation=invitation)
    friend = User.objects.get(email=invitation.email)
    co_applicants.join(invitation=invitation, acting_user=friend)
    return friend


def test_a_draft_is_its_authors_alone(client: Client, site: Site) -> None:
    address = begun(client, site)
    draft = Application.objects.get()
    stranger = Client()
    pages = [address, *(f"{address}{page}/" for page in ("applicant", "send", "no-such-chapter"))]
    # Who is not signed in is sent to do so, whether there is such a draft or not.
    for unknown in (*pages, "/apply/A2020-0001/send/"):
        assert stranger.get(unknown)["Location"] == f"/account/login/code/?next={unknown}"
    somebody = doors.signed_in(User.objects.create_user("x@demo.example"), second_factor=False)
    assert [somebody.get(page).status_code for page in pages] == [404] * 4
    assert stranger.post(f"{address}applicant/", scene.typed()).status_code == 404
    assert stranger.post(f"{address}give-up/").status_code == 404
    # The letter opens it on another device; so does signing in, here and there.
    (link,) = re.findall(r"/apply/resume/\S+/", Message.objects.get().body)
    assert stranger.get(link)["Location"] == address
    assert stranger.get(f"{address}applicant/").status_code == 200
    assert Client().get(link.replace("resume/", "resume/x")).status_code == 404
    assert draft.applicant is not None
    assert doors.signed_in(draft.applicant, second_factor=False).get(address).status_code == 302
    client.force_login(draft.applicant, backend=doors.BACKEND)
    assert client.get(f"{address}applicant/").status_code == 200
    page = client.get(f"{address}applicant/")
    assert "no-store" in page["Cache-Control"]


def test_a_wrong_address_is_put_right_and_its_link_dies(client: Client, site: Site) -> None:
    version = calls.draft(site)
    calls.wanted(version, "plan")
    calls.in_use(version)
    address = begun(client, site, email="typo@demo.example")
    draft = Application.objects.get()
    (letter,) = Message.objects.all()
    (old,) = re.findall(r"/apply/resume/\S+/", letter.body)
    stranger, begun_elsewhere = Client(), Client()
    for other in (stranger, begun_elsewhere):
        assert other.get(old)["Location"] == address
    assert "was refused" not in text(client.get(f"{address}applicant/"))
    Message.objects.update(state=MessageState.FAILED)
    for chapter in ("applicant", "documents", "send"):
        assert "Our letter to typo@demo.example was refused" in text(
            client.get(f"{address}{chapter}/")
        )
    refused = client.post(f"{address}address/", {"email": "nobody"}, follow=True)
    assert "Enter a valid email address." in text(refused)
    assert Client().post(f"{address}address/", {"email": "thief@demo.example"}).status_code == 404
    put_right = client.post(f"{address}address/", {"email": " Right@Demo.example "}, follow=True)
    assert "The link to this draft is on its way to right@demo.example." in text(put_right)
    assert "was refused" not in text(put_right)
    draft.refresh_from_db()
    assert draft.applicant == User.objects.get(email="right@demo.example")
    assert draft.contact_email == "right@demo.example"
    # Whoever has the wrong address reads nothing any more; the right one opens it anywhere.
    assert stranger.get(old).status_code == 404
    assert begun_elsewhere.get(f"{address}applicant/").status_code == 302
    assert begun_elsewhere.post(f"{address}applicant/", scene.typed()).status_code == 404
    assert "right@demo.example" in text(client.get(f"{address}send/"))
    (new,) = re.findall(r"/apply/resume/\S+/", Message.objects.latest("id").body)
    assert Client().get(new)["Location"] == address
    # The same address has the letter sent once more, in measure.
    for _number in range(4):
        client.post(f"{address}address/", {"email": "right@demo.example"})
    assert Message.objects.filter(to="right@demo.example").count() == 5
    many = client.post(f"{address}address/", {"email": "right@demo.example"}, follow=True)
    assert "Many letters have left for this draft" in text(many)
    assert Message.objects.filter(to="right@demo.example").count() == 5


def test_only_its_author_gives_a_draft_to_another_address(site: Site) -> None:
    draft = scene.draft(site)
    friend = beside(draft)
    for user in (friend, scene.staff(Role.ADMISSIONS_OFFICER, site)):
        with pytest.raises(NotAllowed):
            drafting.correct_address(application=draft, email=user.email, acting_user=user)
    for number in range(drafting.MOST_LETTERS):
        drafting.correct_address(
            application=draft, email=f"{number}@demo.example", acting_user=None
        )
    with pytest.raises(TooManyLetters):
        drafting.correct_address(application=draft, email="x@demo.example", acting_user=None)
    draft.refresh_from_db()
    drafting.discard(application=draft, acting_user=draft.applicant)
    with pytest.raises(ImpossibleStep):
        drafting.correct_address(
            application=draft, email="x@demo.example", acting_user=draft.applicant
        )


def test_an_expired_draft_is_taken_up_by_a_button(client: Client, site: Site) -> None:
    address = begun(client, site)
    draft = Application.objects.get()
    (link,) = re.findall(r"/apply/resume/\S+/", Message.objects.get().body)
    assert draft.applicant is not None
    # The browser that began it, one that has the letter, and its author signed in.
    author = doors.signed_in(draft.applicant, second_factor=False)
    for browser, way in ((client, address), (Client(), link), (author, f"/my/{draft.reference}/")):
        drafting.discard(application=draft, acting_user=draft.applicant)
        for page in (way, f"{address}applicant/"):
            shown = browser.get(page, follow=True)
            assert shown.templates[0].name == "applications/draft_expired.html"
        draft.refresh_from_db()
        assert draft.state == "expired"
        assert browser.post(address)["Location"] == address
        assert browser.get(f"{address}applicant/").status_code == 200
        draft.refresh_from_db()
        assert draft.state == "draft"
    assert Client().post(address).status_code == 404
    given_up = client.post(f"{address}give-up/", follow=True)
    assert "The draft is given up." in text(given_up)
    Application.objects.update(anonymised_at=timezone.now())
    assert client.get(address).status_code == 404


def test_whom_the_applicant_invited_does_not_take_up_what_was_given_up(site: Site) -> None:
    draft = scene.draft(site)
    friend = beside(draft)
    drafting.discard(application=draft, acting_user=draft.applicant)
    browser = doors.signed_in(friend, second_factor=False)
    refused = browser.post(f"/apply/{draft.reference}/?lang=en", follow=True)
    assert "You do not have the right to do this." in text(refused)
