"""What every request goes through before any page."""

import pytest

from accounts.choices import Role
from applications.models import Transition
from tests.factories import clients, doors, scene

pytestmark = pytest.mark.django_db


def test_nul_leads_nowhere_and_is_left_out_of_forms() -> None:
    site = scene.site("CAS")
    file = scene.application(site)
    page, program = doors.applicant_client(file), clients.writer(Role.ADMISSIONS_OFFICER, site)
    statuses = {
        path: page.get(path).status_code
        for path in ("/my/%00/", "/apply/%00/send/", "/apply/?site=%00", "/apply/?site=C%00AS")
    }
    assert statuses == {
        "/my/%00/": 404,
        "/apply/%00/send/": 404,
        "/apply/?site=%00": 200,
        "/apply/?site=C%00AS": 200,
    }
    assert page.post("/my/%00/say/", {"body": "a"}).status_code == 404
    assert page.post("/apply/", {"site": "\0"}).status_code == 422
    answer = program.post(
        "/api/v1/applications/%00/withdraw/", {"reason": "a"}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert page.post(f"/my/{file.reference}/withdraw/", {"reason": "a\0b"}).status_code == 302
    assert Transition.objects.latest("id").reason == "ab"
