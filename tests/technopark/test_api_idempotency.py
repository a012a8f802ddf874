"""The same request again: answered as the first time, done once, also by two at a time."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from applications.models import Application, Transition
from applications.services import screening
from sites.models import ClientToken, IdempotentReply
from sites.services import idempotency
from technopark.api import urls
from tests.concurrency.crowd import at_once
from tests.factories import clients, scene
from tests.technopark.test_api_routes import _patterns

pytestmark = pytest.mark.django_db


@pytest.fixture
def file() -> Application:
    return scene.application(scene.site("CAS"))


@pytest.fixture
def client() -> Client:
    return clients.writer(Role.ADMISSIONS_OFFICER)


def send(
    client: Client, file: Application, act: str = "start-screening", key: str = "k-1", **body: Any
) -> Any:
    return client.post(
        f"/api/v1/applications/{file.reference}/{act}/",
        data=body,
        content_type="application/json",
        headers={"idempotency-key": key},
    )


def steps(file: Application) -> int:
    return Transition.objects.filter(application=file).count()


def test_every_route_that_writes_takes_a_key() -> None:
    writing = [
        (str(pattern.pattern), verb, getattr(handler, "once", False))
        for pattern in _patterns(urls.resources)
        for verb in ("post", "put", "patch")
        if (handler := getattr(vars(pattern.callback)["view_class"], verb, None))
    ]
    assert writing
    assert [entry for entry in writing if not entry[2]] == []


def test_the_same_again_gets_the_first_answer_and_does_nothing(
    client: Client, file: Application
) -> None:
    first = send(client, file)
    screening.send_to_review(application=file, acting_user=None)
    done = steps(file)
    again = send(client, file)
    assert (again.status_code, again.json()) == (200, first.json())
    assert (first.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert steps(file) == done


def test_a_refusal_is_answered_again_too(client: Client, file: Application) -> None:
    first = send(client, file, "send-to-review")
    assert first.status_code == 409
    screening.start_screening(application=file, acting_user=None)
    again = send(client, file, "send-to-review")
    assert (again.status_code, again.json()) == (409, first.json())
    assert again["Content-Type"] == "application/problem+json"
    assert send(client, file, "send-to-review", key="k-2").status_code == 200


def test_a_key_belongs_to_one_request_of_one_client(client: Client, file: Application) -> None:
    assert send(client, file).status_code == 200
    other = send(client, file, "send-to-review")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_used")
    body = send(client, file, reason="x")
    assert (body.status_code, body.json()["code"]) == (422, "idempotency_key_used")
    somebody = clients.writer(Role.ADMISSIONS_OFFICER)
    assert send(somebody, file, "send-to-review").status_code == 200


@pytest.mark.parametrize("key", ["", " ", "x" * 101, "é", "a b"])
def test_a_key_that_is_none_is_refused(client: Client, file: Application, key: str) -> None:
    answer = send(client, file, key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_idempotency_key")
    assert steps(file) == 1


def test_a_reply_is_kept_for_a_day(client: Client, file: Application) -> None:
    send(client, file)
    later = timezone.now() + idempotency.KEPT_FOR + dt.timedelta(minutes=1)
    with time_machine.travel(later):
        ClientToken.objects.get().token.__class__.objects.update(expiry=None)
        assert "Idempotency-Replayed" not in send(client, file)
        assert IdempotentReply.objects.count() == 1
    with time_machine.travel(later + idempotency.KEPT_FOR + dt.timedelta(minutes=1)):
        assert idempotency.forget_old() == 1


def test_what_broke_may_be_asked_again(
    client: Client, file: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr(Transition.objects.__class__, "create", _break)
        assert send(client, file).status_code == 500
    file.refresh_from_db()
    assert (file.state, IdempotentReply.objects.count()) == ("submitted", 0)
    assert send(client, file).status_code == 200


def _break(*_args: Any, **_kwargs: Any) -> None:
    raise RuntimeError


@pytest.fixture
def committed(transactional_db: None) -> tuple[str, Application]:
    return clients.token(Role.ADMISSIONS_OFFICER, read_only=False), scene.application(scene.site())


def test_while_the_first_is_at_work_the_second_is_told_so(
    committed: tuple[str, Application],
) -> None:
    secret, file = committed
    token = ClientToken.objects.get()

    def act(number: int) -> int:
        headers = {"authorization": f"Token {secret}"}
        return int(send(Client(headers=headers), file, key="k-2").status_code)

    with transaction.atomic():
        assert idempotency.known_reply(token=token, key="k-2", request="x") is None
        assert at_once(1, act) == [409]
    assert at_once(1, act) == [200]


def test_doubles_at_once_do_the_work_once(committed: tuple[str, Application]) -> None:
    secret, file = committed

    def act(_number: int) -> tuple[int, str]:
        headers = {"authorization": f"Token {secret}"}
        answer = send(Client(headers=headers), file)
        return answer.status_code, answer.json().get("code", "")

    answers = at_once(6, act)
    assert set(answers) <= {(200, ""), (409, "still_running")}
    assert (200, "") in answers
    assert (steps(file), IdempotentReply.objects.count()) == (2, 1)
