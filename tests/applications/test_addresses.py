"""The address of a file that was sent is put right by staff, and both addresses hear of it."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress

from accounts.choices import Role
from accounts.models import User
from applications.errors import BadAddress, ImpossibleStep, ReasonNeeded
from applications.models import Application
from applications.permissions import applies
from applications.services import co_applicants
from applications.services.addresses import change_address
from applications.services.drafting import correct_address
from core import messages
from core.errors import NotAllowed
from core.models import Erasure, Message
from sites.models import Site
from tests.factories import doors, opinions, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


def test_an_address_is_put_right_on_the_files_page(site: Site) -> None:
    file = scene.application(site, contact_email="typo@example.org")
    wrong = doors.applicant_client(file)
    invitation = co_applicants.invite(
        application=file, email="right@example.org", acting_user=file.applicant
    )
    co_applicants.may_sign_in(invitation=invitation)
    right = User.objects.get(email="right@example.org")
    co_applicants.join(invitation=invitation, acting_user=right)
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    page = f"/staff/applications/application/{file.pk}"
    given = {"email": " Right@Example.org", "reason": "Au téléphone."}
    client = doors.signed_in(officer)
    assert f"{page}/change-address/" in client.get(f"{page}/change/").content.decode()
    for _click in range(2):
        assert client.post(f"{page}/change-address/", given).status_code == 302
    file.refresh_from_db()
    assert (file.contact_email, file.applicant) == ("right@example.org", right)
    assert (applies(right, file), file.co_applicants.get().removed_at is not None) == (True, True)
    told = Message.objects.filter(matter=f"application:{file.pk}:address").order_by("id")
    assert [letter.to for letter in told] == ["typo@example.org", "right@example.org"]
    assert all("right@example.org" in letter.body for letter in told)
    assert wrong.get(f"/my/{file.reference}/").status_code == 302  # signed out: see below
    now = doors.signed_in(right, second_factor=False).get(f"/my/{file.reference}/")
    assert (now.status_code, now.context["owner"]) == (200, True)
    assert list(Application.objects.matching("right@example.org")) == [file]
    event = Application.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        pgh_obj_id=file.pk, contact_email="right@example.org"
    ).earliest("pgh_id")
    assert event.pgh_context.items() >= {"user": officer.pk, "reason": "Au téléphone."}.items()


def test_who_puts_it_right_and_of_what(site: Site) -> None:
    file = scene.application(site)
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    conflicted = scene.staff(Role.ADMISSIONS_OFFICER, site)
    opinions.declare_conflict(file, conflicted)
    given: dict[str, Any] = {"application": file, "email": "x@example.org", "reason": "x"}
    for user in (
        conflicted,
        scene.staff(Role.ADMISSIONS_OFFICER, scene.site("RAB")),
        scene.staff(Role.AUDITOR),
        file.applicant,
    ):
        with pytest.raises(NotAllowed):
            change_address(**given, acting_user=user)
    refused: list[tuple[dict[str, Any], type[Exception]]] = [
        ({"email": "nobody"}, BadAddress),
        ({"email": officer.email}, BadAddress),  # nobody makes a file their own
        ({"reason": " "}, ReasonNeeded),
        ({"application": scene.draft(site)}, ImpossibleStep),
    ]
    for changed, error in refused:
        with pytest.raises(error):
            change_address(**{**given, **changed}, acting_user=officer)
    before = file.contact_email
    file.refresh_from_db()
    assert file.contact_email == before


def test_the_wrong_addresss_account_goes_when_it_has_nothing_else(site: Site) -> None:
    file = scene.application(site, contact_email="typo@example.org")
    wrong = file.applicant
    assert wrong is not None
    signed_in = doors.signed_in(wrong, second_factor=False)
    code = messages.queue(to=wrong.email, subject="x", body="123456", language="fr", secret=True)
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    given: dict[str, Any] = {"reason": "Monsieur Typo au téléphone.", "acting_user": officer}
    change_address(application=file, email="right@example.org", **given)
    wrong.refresh_from_db()
    assert (wrong.email, wrong.name, wrong.is_active) == (f"erased-{wrong.pk}", "", False)
    assert signed_in.get("/my/").status_code == 302
    assert not EmailAddress.objects.filter(user=wrong).exists()
    past = User.pgh_event_model.objects.filter(pgh_obj_id=wrong.pk)  # type: ignore[attr-defined]
    assert set(past.values_list("email", "name")) == {(f"erased-{wrong.pk}", "")}
    log = Erasure.objects.filter(table="accounts_user").values_list("row_id", "by_user", "reason")
    assert list(log) == [(wrong.pk, officer.pk, "empty account: the file went to another address")]
    # The news still leaves to the wrong address, and stays with the file; the rest is forgotten.
    told = Message.objects.filter(to="typo@example.org").values_list("matter", "state")
    assert set(told) == {
        (f"application:{file.pk}:received", "to_send"),
        (f"application:{file.pk}:address", "to_send"),
    }
    code.refresh_from_db()
    assert (code.to, code.body, code.state) == ("", "", "superseded")
    # Taken back: whoever it was after all begins with an account of their own.
    change_address(application=file, email="typo@example.org", **given)
    file.refresh_from_db()
    assert (file.applicant != wrong, User.objects.filter(is_active=False).count()) == (True, 2)


def test_an_account_with_anything_else_stays(site: Site) -> None:
    first, second = (scene.application(site, contact_email="both@example.org") for _nr in range(2))
    guest = scene.application(site, contact_email="guest@example.org")
    invitation = co_applicants.invite(
        application=second, email="guest@example.org", acting_user=second.applicant
    )
    assert guest.applicant is not None
    co_applicants.join(invitation=invitation, acting_user=guest.applicant)
    for file in (first, guest):
        change_address(
            application=file, email=f"new{file.pk}@example.org", reason="x", acting_user=None
        )
    assert User.objects.filter(email__in=["both@example.org", "guest@example.org"]).count() == 2
    assert not Erasure.objects.exists()


def test_a_drafts_wrong_address_leaves_no_account_that_nobody_ever_opened(site: Site) -> None:
    typo = scene.draft(site, email="typo@example.org")
    known = scene.draft(site, email="known@example.org")
    assert known.applicant is not None
    doors.signed_in(known.applicant, second_factor=False)
    for draft in (typo, known):
        correct_address(application=draft, email=f"right{draft.pk}@example.org", acting_user=None)
    erased = Erasure.objects.filter(table="accounts_user").values_list("row_id", flat=True)
    assert list(erased) == [typo.applicant_id]
    assert User.objects.filter(email="known@example.org", is_active=True).exists()
