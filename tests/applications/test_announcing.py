"""What a partner's program is told of a file: what the applicant is told, and no more."""

import pytest
from django.test import Client

from applications.labels import Outcome
from applications.services.decisions import decide, publish, revoke_decision
from applications.services.screening import (
    mark_spam,
    prepare_for_committee,
    reopen,
    start_screening,
)
from sites.models import WebhookDelivery, WebhookEndpoint
from sites.services.webhooks import keep_endpoint, known_events
from tests.factories import scene

pytestmark = pytest.mark.django_db


def announced() -> list[tuple[str, str | None, str]]:
    return [
        (row.event, row.payload["from"], row.payload["to"])
        for row in WebhookDelivery.objects.order_by("id")
    ]


@pytest.fixture(autouse=True)
def listener() -> WebhookEndpoint:
    endpoint = WebhookEndpoint(name="Portal", url="https://portal.example/", every_site=True)
    return keep_endpoint(endpoint=endpoint, acting_user=None)


def test_a_decision_is_announced_when_it_is_published_and_not_before() -> None:
    site = scene.site("CAS")
    file = scene.application(site)
    start_screening(application=file, acting_user=None)
    prepare_for_committee(application=file, acting_user=None)
    decide(application=file, outcome=Outcome.REFUSE, reasons=["no_space"], acting_user=None)
    revoke_decision(application=file, reason="Trop vite.", acting_user=None)
    decide(application=file, outcome=Outcome.WAITLIST, acting_user=None)
    before = [
        ("application.submit", None, "submitted"),
        ("application.start_screening", "submitted", "screening"),
        ("application.prepare_for_committee", "screening", "committee_ready"),
    ]
    assert announced() == before
    publish(application=file, acting_user=None)
    after = [*before, ("application.publish_waiting", "committee_ready", "waitlisted")]
    assert announced() == after
    last = WebhookDelivery.objects.latest("id")
    file.refresh_from_db()
    assert last.payload == {
        "reference": file.reference,
        "site": "CAS",
        "step": "publish_waiting",
        "from": "committee_ready",
        "to": "waitlisted",
        "at": file.state_since.isoformat(),
    }


def test_nobody_outside_learns_what_was_taken_for_spam() -> None:
    file = scene.application(scene.site())
    mark_spam(application=file, acting_user=None)
    reopen(application=file, reason="C'est une vraie demande.", acting_user=None)
    assert announced() == [
        ("application.submit", None, "submitted"),
        ("application.reopen", "submitted", "screening"),
    ]


def test_the_document_tells_what_a_receiver_gets(client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    told = document["webhooks"]["step_taken"]["post"]
    shape = told["requestBody"]["content"]["application/json"]["schema"]["$ref"].split("/")[-1]
    properties = document["components"]["schemas"][shape]["properties"]
    scene.application(scene.site("CAS"))
    sent = WebhookDelivery.objects.get()
    assert properties.keys() == {"event", "id", *sent.payload}
    events = properties["event"]["enum"]
    assert events == [event for event, _label in known_events() if event.startswith("appl")]
    assert list(told["responses"]) == ["2XX"]
    assert "Technopark-Signature" in told["description"]
