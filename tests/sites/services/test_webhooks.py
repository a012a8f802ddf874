"""Webhooks: written with the act, signed, tried for a day, never led into the hub's network."""

import datetime as dt
import errno
import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from accounts.choices import Role
from core.errors import NotAllowed
from sites.models import DeliveryState, Site, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from sites.services import posting, webhooks
from tests.factories import scene
from tests.factories.receiver import is_genuine, receiver
from tests.technopark.instance import wait_until

pytestmark = pytest.mark.django_db

EVENT = "application.submit"


def endpoint(url: str, **given: Any) -> WebhookEndpoint:
    values = {"name": "Portal", "url": url, "allow_private": True, "every_site": True, **given}
    return webhooks.keep_endpoint(endpoint=WebhookEndpoint(**values), acting_user=None)


def announce(site: Site, event: str = EVENT) -> int:
    return webhooks.announce(event=event, site=site, payload=lambda: {"reference": "A1 فكرة 💡"})


def standing(delivery: WebhookDelivery) -> tuple[str, int, list[tuple[int | None, str]]]:
    delivery.refresh_from_db()
    log = delivery.log.order_by("id").values_list("status", "answer")
    return delivery.state, delivery.attempts, list(log)


def test_an_event_arrives_signed_so_that_the_receiver_can_check_it() -> None:
    with receiver() as there:
        to = endpoint(there.address)
        assert announce(scene.site()) == 1
        assert [webhooks.deliver_due(), webhooks.deliver_due()] == [1, 0]
    (came,) = there.received
    delivery = WebhookDelivery.objects.get()
    assert json.loads(came.body) == {
        "event": EVENT,
        "id": str(delivery.event_id),
        "reference": "A1 فكرة 💡",
    }
    assert came.path == "/hook?from=technopark"
    assert came.headers["technopark-event"] == EVENT
    assert came.headers["technopark-delivery"] == str(delivery.event_id)
    sent_at = int(came.headers["technopark-timestamp"])
    assert abs(sent_at - timezone.now().timestamp()) < 60
    assert is_genuine(came, webhooks.secret_of(to))
    assert standing(delivery) == (DeliveryState.SENT, 1, [(204, "")])
    renewed = webhooks.renew_secret(endpoint=to, acting_user=None)
    assert not is_genuine(came, webhooks.secret_of(renewed))
    came.body += b" "
    assert not is_genuine(came, webhooks.secret_of(to))


def test_only_whoever_listens_is_told() -> None:
    here, there = scene.site("CAS"), scene.site("RAB")
    url = "https://portal.example/hook"
    endpoint(url, name="everything")
    endpoint(url, name="other events", topics=["application.offer"])
    endpoint(url, name="asleep", active=False)
    endpoint(url, name="this site", every_site=False).sites.set([here])
    endpoint(url, name="other site", topics=[EVENT], every_site=False).sites.set([there])
    gone = scene.site("OUT")
    endpoint(url, name="a site that went", every_site=False).sites.set([gone])
    gone.rate_plans.all().delete()
    gone.delete()
    assert announce(here) == 2
    told = WebhookDelivery.objects.order_by("id").values_list("endpoint__name", "event_id")
    assert [name for name, _event in told] == ["everything", "this site"]
    assert len({event for _name, event in told}) == 1
    with pytest.raises(webhooks.UnknownEvent):
        announce(here, "application.lost")


def test_nothing_is_announced_by_an_act_that_failed() -> None:
    endpoint("https://portal.example/hook")
    site = scene.site()
    with transaction.atomic():
        announce(site)
        transaction.set_rollback(True)
    assert WebhookDelivery.objects.count() == 0


def test_a_failure_is_tried_again_with_growing_pauses_and_logged() -> None:
    with receiver(500) as there:
        endpoint(there.address)
        announce(scene.site())
        delivery = WebhookDelivery.objects.get()
        assert webhooks.deliver_due() == 0
        assert standing(delivery) == (DeliveryState.TO_SEND, 1, [(500, "")])
        assert webhooks.deliver_due() == 0  # not due yet
        with time_machine.travel(timezone.now() + dt.timedelta(minutes=1, seconds=1)):
            assert webhooks.deliver_due() == 1
    assert standing(delivery) == (DeliveryState.SENT, 2, [(500, ""), (204, "")])


def test_after_a_day_it_is_given_up_until_somebody_sends_it_again() -> None:
    with receiver(*[503] * 10) as there:
        to = endpoint(there.address)
        announce(scene.site())
        delivery = WebhookDelivery.objects.get()
        begun = timezone.now()
        for pause in [dt.timedelta(0), *webhooks.PAUSES]:
            with time_machine.travel(delivery.due_at + dt.timedelta(seconds=1)):
                webhooks.deliver_due()
            delivery.refresh_from_db()
            assert delivery.state == DeliveryState.TO_SEND or pause == webhooks.PAUSES[-1]
        assert standing(delivery)[:2] == (DeliveryState.FAILED, 10)
        assert dt.timedelta(hours=23) < delivery.due_at - begun < dt.timedelta(hours=25)
        officer = scene.staff(Role.ADMISSIONS_OFFICER)
        with pytest.raises(NotAllowed):
            webhooks.send_again(delivery=delivery, acting_user=officer)
        webhooks.send_again(delivery=delivery, acting_user=scene.staff(Role.ADMINISTRATOR))
        assert webhooks.deliver_due() == 1
        webhooks.send_again(delivery=delivery, acting_user=None)  # the receiver lost it
        assert webhooks.deliver_due() == 1
        to.active = False
        to.save()
        with pytest.raises(webhooks.NotDeliverable):
            webhooks.send_again(delivery=delivery, acting_user=None)
    assert len(there.received) == 12


def test_a_redirection_is_not_followed() -> None:
    with receiver(302) as there:
        endpoint(there.address)
        announce(scene.site())
        assert webhooks.deliver_due() == 0
    assert [came.path for came in there.received] == ["/hook?from=technopark"]
    assert standing(WebhookDelivery.objects.get())[2] == [(302, "")]


def test_who_does_not_answer_in_time_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "SECONDS", 0.2)
    with receiver(b"") as there:
        endpoint(there.address)
        announce(scene.site())
        assert webhooks.deliver_due() == 0
    (attempt,) = WebhookAttempt.objects.all()
    assert (attempt.status, attempt.answer) == (None, "No answer within 0 seconds.")
    assert 150 < attempt.milliseconds < 3_000


def test_one_that_trickles_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte comes well within a read's own timeout."""
    monkeypatch.setattr(posting, "SECONDS", 0.4)
    over = threading.Event()

    def serve(server: socket.socket) -> None:
        line, _address = server.accept()
        with line, suppress(OSError):
            while not over.wait(0.05):
                line.sendall(b"H")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=[server])
        thread.start()
        answer = posting.post(
            f"http://127.0.0.1:{server.getsockname()[1]}/",
            body=b"{}",
            headers={},
            allow_private=True,
        )
        over.set()
        thread.join()
    assert answer.status is None
    assert 300 < answer.milliseconds < 3_000


@pytest.mark.django_db(transaction=True)
def test_receivers_that_let_us_wait_hold_up_one_worker_alone() -> None:
    with receiver(b"") as there:
        endpoint(there.address)
        for code in ("CAS", "RAB"):
            announce(scene.site(code))
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(_in_a_thread)
            try:
                assert wait_until(lambda: len(there.received) == 1, within=10)
                assert webhooks.deliver_due() == 0
                assert len(there.received) == 1
            finally:
                there.free.set()
            assert first.result() == 0  # it closed without an answer: the endpoint rests
        assert webhooks.deliver_due() == 1


def _in_a_thread() -> int:
    try:
        return webhooks.deliver_due()
    finally:
        connection.close()


INSIDE = [
    "127.0.0.1", "127.8.8.8", "10.0.0.5", "172.16.3.4", "192.168.1.1", "100.64.0.1", "0.0.0.0",
    "169.254.169.254", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.7",
    "::1", "::", "fe80::1%1", "fd00::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:db8::1",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_not_connected_to(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_args: Any, **_kwargs: Any) -> None:
        pytest.fail("connected")

    monkeypatch.setattr("socket.create_connection", forbidden)
    for found in ([address], ["8.8.8.8", address]):
        answer = posting.post(
            "https://portal.example/",
            body=b"{}",
            headers={},
            allow_private=False,
            resolver=lambda _host, _port, found=found: found,  # type: ignore[misc]
        )
        assert answer.status is None
        assert address in answer.text


@pytest.mark.parametrize("address", ["169.254.169.254", "fe80::1%1", "224.0.0.1", "0.0.0.0"])
def test_no_permission_reaches_the_clouds_own_data(address: str) -> None:
    answer = posting.post(
        "http://portal.example/",
        body=b"{}",
        headers={},
        allow_private=True,
        resolver=lambda _host, _port: [address],
    )
    assert answer.status is None
    assert address in answer.text


def test_the_checked_address_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that answers something else the second time (DNS rebinding) is asked once."""
    asked: list[str] = []
    connected: list[tuple[str, int]] = []

    def resolver(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

    def connect(where: tuple[str, int], **_kwargs: Any) -> None:
        connected.append(where)
        raise ConnectionRefusedError("nobody is there")

    monkeypatch.setattr("socket.create_connection", connect)
    answer = posting.post(
        "https://portal.example/hook",
        body=b"{}",
        headers={},
        allow_private=False,
        resolver=resolver,
    )
    assert (asked, connected) == (["portal.example"], [("93.184.216.34", 443)])
    assert answer.status is None
    assert answer.text == "The server refuses the connection: nobody listens there."


@pytest.mark.parametrize(
    ("served", "words"),
    [
        (b"", "The server closed the line without an answer."),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "What came back is no HTTP answer."),
        (None, "No secure connection came about."),
    ],
)
def test_what_went_wrong_is_said_in_words(served: bytes | None, words: str) -> None:
    def serve(server: socket.socket) -> None:
        line, _address = server.accept()
        with line:
            line.recv(4096)
            line.sendall(b"no TLS here\r\n" if served is None else served)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=[server])
        thread.start()
        scheme = "https" if served is None else "http"
        address = f"{scheme}://127.0.0.1:{server.getsockname()[1]}/"
        answer = posting.post(address, body=b"{}", headers={}, allow_private=True)
        thread.join()
    assert (answer.status, answer.text) == (None, words)


def test_a_name_that_nobody_has_and_a_way_that_leads_nowhere() -> None:
    def fails(error: OSError) -> posting.Resolver:
        def resolver(_host: str, _port: int) -> list[str]:
            raise error

        return resolver

    for error, words in (
        (socket.gaierror(-2, "Name or service not known"), "No address is known for this name."),
        (OSError(errno.ENETUNREACH, "x"), "No way leads to the server's address."),
        (OSError("a novelty"), "The connection failed."),
    ):
        answer = posting.post(
            "https://portal.example/", body=b"", headers={}, allow_private=False,
            resolver=fails(error),
        )  # fmt: skip
        assert (answer.status, answer.text) == (None, words)


@pytest.mark.parametrize(
    "url",
    ["http://portal.example/", "https://u:p@portal.example/", "https://portal.example:99999/",
     "https:///hook", "ftp://portal.example/", "https://portal.example/#x"],
)  # fmt: skip
def test_an_address_that_cannot_be_posted_to_is_not_kept(url: str) -> None:
    with pytest.raises(posting.BadAddress):
        endpoint(url, allow_private=False)


def test_a_receiver_that_fails_does_not_hold_up_the_others() -> None:
    site = scene.site()
    with receiver(*[500] * 9) as broken, receiver() as fine:
        endpoint(broken.address, name="broken")
        endpoint(fine.address, name="fine")
        for _event in range(3):
            announce(site)
        assert webhooks.deliver_due() == 3
    assert (len(broken.received), len(fine.received)) == (1, 3)


def test_what_a_crash_left_under_way_comes_due_again() -> None:
    with receiver() as there:
        endpoint(there.address)
        announce(scene.site())
        assert webhooks._claim(set()) is not None
        assert webhooks.deliver_due() == 0
        later = timezone.now() + webhooks.CLAIMED_FOR + dt.timedelta(seconds=1)
        with time_machine.travel(later):
            assert webhooks.deliver_due() == 1


def test_old_deliveries_are_forgotten_those_that_wait_are_not() -> None:
    with receiver() as there:
        endpoint(there.address)
        endpoint("https://portal.example/", active=True, name="asleep")
        announce(scene.site())
        WebhookEndpoint.objects.filter(name="asleep").update(active=False)
        assert webhooks.deliver_due() == 1
    with time_machine.travel(timezone.now() + webhooks.KEPT_FOR + dt.timedelta(days=1)):
        webhooks.forget_old()
    assert [each.state for each in WebhookDelivery.objects.all()] == [DeliveryState.TO_SEND]
