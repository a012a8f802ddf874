"""A handover report on the staff site: begun at its lease, written piece by piece, closed."""

import hashlib
import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from core import formats
from core.periods import today
from leases.choices import Condition, HandoverWay, ReportState
from leases.models import ChecklistLine, HandoverItem, HandoverPhoto, HandoverReport, Lease
from leases.services.handover_items import add_item
from sites.models import Site
from tests.factories import doors, handovers, scene, tenancies, uploads

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def manager(site: Site) -> Client:
    return doors.staff_client(Role.SITE_MANAGER, site)


@pytest.fixture
def lease(site: Site) -> Lease:
    lease = tenancies.signed(site, scene.office(site, code="A1"))
    tenancies.pay_deposit(lease)
    return lease


def page(row: Lease | HandoverReport, path: str = "change") -> str:
    name = row._meta.model_name
    return f"/staff/leases/{name}/{row.pk}/{path}/?lang=en"


def text_of(answer: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def read(answer: Any) -> bytes:
    """A file's bytes; closing the whole answer would close the database too."""
    data = b"".join(answer.streaming_content)
    for close in answer._resource_closers:
        close()
    return data


def write(client: Client, report: HandoverReport, *, htmx: bool = True, **given: Any) -> Any:
    return client.post(page(report, "write"), given, headers=HTMX if htmx else {})


def test_from_the_lease_to_the_closed_report_and_the_keys(manager: Client, lease: Lease) -> None:
    shown = manager.get(page(lease))
    assert [str(one.title) for one in shown.context["leading"]] == [
        "Write the entry report",
        "Hand over",
    ]
    assert "There is no closed entry report." in text_of(manager.get(page(lease, "hand-over")))
    begun = manager.post(page(lease, "entry-report"), {"day": str(today()), "language": "en"})
    report = HandoverReport.objects.get()
    assert begun["Location"] == f"/staff/leases/handoverreport/{report.pk}/change/"
    leading = manager.get(page(lease)).context["leading"]
    assert leading[0].address == begun["Location"]
    assert "This report is being written." in text_of(manager.get(page(lease, "entry-report")))
    told = text_of(manager.get(page(report)))
    assert "12 things are still to be looked at." in told
    assert "Floor" in told

    first = report.items.order_by("position")[0]
    said = write(manager, report, piece="item", item=first.pk, condition="worn", remark="Rayé")
    assert "11 things are still to be looked at." in text_of(said)
    first.refresh_from_db()
    assert (first.condition, first.remark) == (Condition.WORN, "Rayé")
    photo = SimpleUploadedFile("IMG.jpg", uploads.photo(), "image/jpeg")
    write(manager, report, piece="photo", item=first.pk, file=photo)
    kept = HandoverPhoto.objects.get()
    picture = manager.get(reverse("admin:handover_photo", args=[kept.pk]))
    assert picture["Content-Type"] == "image/jpeg"
    assert hashlib.sha256(read(picture)).hexdigest() == kept.sha256
    added = write(manager, report, piece="add", space=first.space_id, room="", element="Tapis")
    assert "Tapis" in text_of(added)
    for item in report.items.all():
        write(manager, report, piece="item", item=item.pk, condition="good", remark="")
    rows: dict[str, Any] = {"keys-TOTAL_FORMS": "1", "keys-INITIAL_FORMS": "0"}
    rows |= {"keys-0-what": "Door key", "keys-0-identifier": "P1", "keys-0-count": "2"}
    write(manager, report, piece="keys", **rows)
    rows = {"meters-TOTAL_FORMS": "1", "meters-INITIAL_FORMS": "0", "meters-0-kind": "water"}
    rows |= {"meters-0-number": "W1", "meters-0-reading": "12,5"}
    write(manager, report, piece="meters", **rows)
    facts: dict[str, Any] = {
        "day": str(today()),
        "present_for_lessor": "M. Bennis",
        "remark": "Rien",
    }
    kept_facts = text_of(write(manager, report, piece="facts", **facts))
    assert "Everything was looked at." in kept_facts
    assert "M. Bennis" in kept_facts  # and not what stood there before
    assert manager.post(page(report, "close")).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.keys.get().count) == (ReportState.CLOSED, 2)
    assert report.meters.get().reading == Decimal("12.5")
    shown = manager.get(page(lease))
    assert [str(one.title) for one in shown.context["leading"]] == ["Hand over"]
    day = formats.day(today(), "en")
    assert f"The entry report is of {day}." in text_of(manager.get(page(lease, "hand-over")))
    told = text_of(manager.get(page(report, "history")))
    assert kept.sha256 in told
    refused = write(manager, report, piece="item", item=first.pk, condition="good", remark="x")
    assert "nothing in it changes any more" in text_of(refused)
    assert "data-piece" not in manager.get(page(report)).content.decode()


def test_without_scripts_nothing_typed_is_lost(manager: Client, lease: Lease) -> None:
    report = handovers.begun(lease)
    item = report.items.order_by("position")[0]
    saved = write(manager, report, htmx=False, piece="item", item=item.pk, condition="good")
    assert saved["Location"] == f"/staff/leases/handoverreport/{report.pk}/change/#item-{item.pk}"
    rows: dict[str, Any] = {"keys-TOTAL_FORMS": "2", "keys-INITIAL_FORMS": "0"}
    twice: dict[str, Any] = {f"keys-{n}-{name}": text for n in (0, 1) for name, text in
             (("what", "Clé pareille"), ("identifier", "7"), ("count", "1"))}  # fmt: skip
    refused = write(manager, report, htmx=False, piece="keys", **rows, **twice)
    told = refused.content.decode()
    assert "« Clé pareille 7 » is listed twice." in unescape(told)
    assert told.count('value="Clé pareille"') == 2
    wrong = {"day": "2026-02-31", "present_for_lessor": "Mme Alaoui, gérante"}
    refused = write(manager, report, htmx=False, piece="facts", **wrong)
    assert "Mme Alaoui, gérante" in refused.content.decode()
    close_report_first = handovers.closed(report)
    gone = write(manager, report, htmx=False, piece="item", item=item.pk, remark="trop tard")
    assert "nothing in it changes any more" in text_of(gone)
    assert close_report_first.state == ReportState.CLOSED


def test_an_exit_shows_the_entry_beside_it_and_asks_the_same_at_1_and_40_items(
    manager: Client,
    lease: Lease,
    site: Site,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    ChecklistLine.objects.create(site=site, element_fr="Porte", element_ar="باب", element_en="Door")
    entry = handovers.begun(lease, language="en")
    (door,) = entry.items.all()
    handovers.photographed(door)
    handovers.closed(entry)
    tenancies.moved_in(lease)
    out = handovers.begun(lease, HandoverWay.OUT)
    handovers.filled(out, condition=Condition(Condition.DAMAGED))
    manager.get(page(out))
    with django_assert_num_queries(10):
        shown = manager.get(page(out))
    assert "Compared with the entry of" in text_of(shown)
    assert shown.content.decode().count("?small") == 1
    assert [line["worse"] for room in shown.context["rooms"] for line in room["lines"]] == [True]
    for number in range(39):
        added = add_item(report=out, element=f"Objet {number}", acting_user=None)
        if number < 5:
            handovers.photographed(added, uploads.photo(shade=number * 9))
    with django_assert_num_queries(10):
        shown = manager.get(page(out))
    assert shown.content.decode().count('class="handover-item"') == 40


def test_reports_and_photos_are_seen_at_their_site_and_written_by_those_who_hand_over(
    lease: Lease, site: Site
) -> None:
    report = handovers.begun(lease)
    item = report.items.first()
    assert isinstance(item, HandoverItem)
    photo = handovers.photographed(item)
    picture = reverse("admin:handover_photo", args=[photo.pk])
    for role, where, seen, may_write in (
        (Role.SITE_MANAGER, site, 200, 200),
        (Role.FINANCE_OFFICER, site, 200, 403),
        (Role.SITE_MANAGER, scene.site("RAB"), 302, 302),
        (Role.REVIEWER, site, 403, 403),
    ):
        client = doors.staff_client(role, where)
        shown = client.get(page(report))
        assert shown.status_code == seen, role
        opened = client.get(picture)
        assert opened.status_code == (200 if seen == 200 else 404)
        if seen == 200:
            read(opened)
        answer = write(client, report, piece="item", item=item.pk, condition="good")
        assert answer.status_code == may_write, role
        if seen == 200:
            assert ("data-piece" in shown.content.decode()) == (may_write == 200)
    other = handovers.begun(tenancies.signed(site, scene.office(site)))
    client = doors.staff_client(Role.SITE_MANAGER, site)
    for given in ({"piece": "item", "item": item.pk}, {"piece": "unknown"}, {"piece": "item"}):
        assert write(client, other, **given).status_code == 404
