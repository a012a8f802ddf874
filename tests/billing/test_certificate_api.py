"""The file of a withholding certificate over REST: kept, given, replaced, and by whom."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client, override_settings
from django.utils.translation import gettext

from accounts.choices import Role
from billing.models import Certificate, Payment
from sites.models import Site
from tests.factories import bills, clients, scene, uploads
from tests.factories.money import certified, paid

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_september() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 9, 10, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def site() -> Site:
    return bills.site(starts_on=dt.date(2026, 1, 1))


@pytest.fixture
def payment(site: Site) -> Payment:
    """Withheld, with a certificate that is entered and no more."""
    return certified(site, scene.company()).payment


def put(client: Client, payment: Payment, data: bytes, name: str = "attestation.pdf",
        kind: str = "application/pdf", **headers: str) -> tuple[int, Any]:  # fmt: skip
    address = f"/api/v1/payments/{payment.number}/certificate/file/{name}"
    answer = client.put(address, data, kind, headers=headers)
    return answer.status_code, json.loads(answer.content)


def read(client: Client, payment: Payment) -> tuple[int, bytes]:
    answer: Any = client.get(f"/api/v1/payments/{payment.number}/certificate/file/")
    if not answer.streaming:
        return answer.status_code, b""
    content = b"".join(answer.streaming_content)
    for close in answer._resource_closers:
        close()
    return answer.status_code, content


def test_the_file_is_kept_once_given_and_replaced_on_purpose(
    site: Site, payment: Payment, media: Path
) -> None:
    client = clients.writer(Role.FINANCE_OFFICER, site)
    row = f"/api/v1/payments/{payment.number}/"
    first, second = uploads.pdf(), uploads.pdf(pages=2)
    assert read(client, payment) == (404, b"")
    assert client.get(row).json()["certificate_file"] is None
    status, made = put(client, payment, first)
    assert (status, made["name"], made["media_type"]) == (
        200, "attestation.pdf", "application/pdf",
    )  # fmt: skip
    assert client.get(row).json()["certificate_file"] == made
    assert read(client, payment) == (200, first)
    history = Certificate.pgh_event_model.objects  # type: ignore[attr-defined]
    written = history.count()
    assert put(client, payment, first, "autre.pdf") == (200, made)
    assert (history.count(), len(list(media.rglob("documents/*/*")))) == (written, 1)
    status, refused = put(client, payment, second)
    assert (status, refused["code"]) == (428, "idempotency_key_wanted")
    assert read(client, payment) == (200, first)
    key = {"Idempotency-Key": "attestation-2"}
    status, other = put(client, payment, second, **key)
    assert (status, other["sha256"] != made["sha256"]) == (200, True)
    assert put(client, payment, second, **key) == (200, other)
    assert read(client, payment) == (200, second)
    assert Certificate.objects.get().number == "A-17"


def test_a_wrong_file_is_refused_in_words_and_nothing_is_kept(
    site: Site, payment: Payment, media: Path
) -> None:
    client = clients.writer(Role.FINANCE_OFFICER, site)
    with uploads.clamd() as (address, _seen), override_settings(CLAMD_ADDRESS=address):
        for data, kind, status, code in (
            (b"MZ\x90\x00" * 9, "application/pdf", 400, "upload_kind_differs"),
            (b"", "application/pdf", 400, "upload_empty"),
            (uploads.pdf() + uploads.EICAR, "application/pdf", 400, "copy_infected"),
            (uploads.pdf(), "text/html", 415, "unsupported_media_type"),
        ):
            told = put(client, payment, data, kind=kind)
            assert (told[0], told[1]["code"]) == (status, code)
            assert told[1]["title"]
    status, refused = put(client, paid(site, payment.company, "10"), uploads.pdf())
    assert (status, refused["code"]) == (409, "not_withheld")
    awaited = paid(site, payment.company, "10", method="vat_wht", shares=())
    status, refused = put(client, awaited, uploads.pdf())
    assert (status, refused["code"]) == (409, "certificate_awaited")
    assert refused["title"] == gettext(
        "The certificate of %(number)s is awaited: enter its number and day first."
    ) % {"number": awaited.number}
    assert list(media.rglob("documents/*/*")) == []


def test_rights_by_role_and_site(site: Site, payment: Payment, media: Path) -> None:
    data = uploads.pdf()
    others = (
        (clients.writer(Role.SITE_MANAGER, site), 403, 200),
        (clients.client(Role.FINANCE_OFFICER, site), 403, 200),  # a token that only reads
        (clients.writer(Role.ADMISSIONS_OFFICER, site), 403, 403),
        (clients.writer(Role.FINANCE_OFFICER, scene.site("RAB")), 404, 404),
    )
    assert [put(client, payment, data)[0] for client, _put, _seen in others] == [
        expected for _client, expected, _seen in others
    ]
    assert list(media.rglob("documents/*/*")) == []
    assert put(clients.writer(Role.FINANCE_OFFICER, site), payment, data)[0] == 200
    assert [read(client, payment) for client, _put, _seen in others] == [
        (seen, data if seen == 200 else b"") for _client, _put, seen in others
    ]
