"""The address of a file that was sent is put right by staff, and both addresses hear of it."""

from typing import Any

import pytest

from accounts.choices import Role
from accounts.models import User
from applications.errors import BadAddress, ImpossibleStep, ReasonNeeded
from applications.models import Application
from applications.permissions import applies
from applications.services import co_applicants
from applications.services.addresses import change_address
from core.errors import NotAllowed
from core.models import Message
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
    assert wrong.get(f"/my/{file.reference}/").status_code == 404
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
