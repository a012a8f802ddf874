"""The staff pages of webhooks: who sees the secret, what a page refuses, sending again."""

import pytest
from django.urls import reverse

from accounts.choices import Role
from sites.models import DeliveryState, WebhookDelivery, WebhookEndpoint
from sites.services import webhooks
from tests.factories import doors, scene

pytestmark = pytest.mark.django_db


def page(row: WebhookEndpoint | WebhookDelivery, name: str = "change") -> str:
    return reverse(f"admin:sites_{row._meta.model_name}_{name}", args=[row.pk])


@pytest.fixture
def endpoint() -> WebhookEndpoint:
    made = WebhookEndpoint(name="Portal", url="https://portal.example/", every_site=True)
    return webhooks.keep_endpoint(endpoint=made, acting_user=None)


def test_an_administrator_adds_an_endpoint_and_learns_its_secret() -> None:
    site = scene.site("CAS")
    client = doors.staff_client(Role.ADMINISTRATOR)
    form = {"name": "Portal", "url": "http://portal.example/", "active": "on",
            "topics": ["application.offer"], "sites": [site.pk]}  # fmt: skip
    refused = client.post(reverse("admin:sites_webhookendpoint_add"), form)
    assert "https://" in refused.context["adminform"].form.errors["url"][0]
    form["url"] = "https://portal.example/"
    neither, both = {**form, "sites": []}, {**form, "every_site": "on"}
    for wrong in (neither, both):
        refused = client.post(reverse("admin:sites_webhookendpoint_add"), wrong)
        assert list(refused.context["adminform"].form.errors) == ["sites"]
    client.post(reverse("admin:sites_webhookendpoint_add"), form)
    made = WebhookEndpoint.objects.get()
    assert (made.topics, list(made.sites.all())) == (["application.offer"], [site])
    assert webhooks.secret_of(made) in client.get(page(made)).content.decode()
    client.post(page(made, "renew_secret"))
    changed = WebhookEndpoint.objects.get()
    assert changed.generation == 2
    assert webhooks.secret_of(changed) in client.get(page(made)).content.decode()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DIRECTOR])
def test_who_only_reads_does_not_see_the_secret(role: Role, endpoint: WebhookEndpoint) -> None:
    client = doors.staff_client(role)
    shown = client.get(page(endpoint))
    assert shown.status_code == 200
    assert webhooks.secret_of(endpoint) not in shown.content.decode()
    assert client.post(page(endpoint, "renew_secret")).status_code == 403


def test_a_delivery_that_was_given_up_is_sent_again(endpoint: WebhookEndpoint) -> None:
    client = doors.staff_client(Role.ADMINISTRATOR)
    client.post(page(endpoint, "send_test"))
    delivery = WebhookDelivery.objects.get()
    assert delivery.event == webhooks.TEST
    WebhookDelivery.objects.update(state=DeliveryState.FAILED, attempts=10)
    delivery.log.create(at=delivery.created_at, status=503, milliseconds=7, answer="<b>busy</b>")
    shown = client.get(page(delivery)).content.decode()
    assert "&lt;b&gt;busy&lt;/b&gt;" in shown
    client.post(page(delivery, "again"))
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (DeliveryState.TO_SEND, 0)
