"""Handover reports through their services, and what the database refuses by itself."""

import datetime as dt
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import override_settings
from django.utils import timezone, translation
from django.utils.translation import gettext
from pypdf import PdfReader

from accounts.choices import Role
from applications.services.leftovers import sweep_leftovers
from core import formats
from core.errors import DomainError, NotAllowed
from core.languages import Language
from core.periods import today
from core.uploads.refusals import UploadKindRefused, UploadOfHugePicture
from leases.choices import Condition, DocumentKind, HandoverWay, LeaseState, MeterKind, ReportState
from leases.errors import (
    BadLeaseDate,
    CopyInfected,
    ElementMissing,
    ItemOfEntry,
    ListedTwice,
    NothingToIssue,
    PresentMissing,
    ReadingBelowEntry,
    ReasonNeeded,
    ReportClosed,
    ReportUnfinished,
    SpaceNotLet,
    TooManyPhotos,
    WrongLeaseState,
)
from leases.models import (
    ChecklistLine,
    HandoverItem,
    HandoverPhoto,
    HandoverReport,
    Lease,
    LeaseDocument,
)
from leases.selectors.handovers import Sheet
from leases.services.assignment import assign_lease
from leases.services.documents import issue_document, issue_missing
from leases.services.handover_counts import Counted, Read, set_keys, set_meters
from leases.services.handover_items import (
    MOST_PHOTOS,
    add_item,
    fill_item,
    remove_item,
    remove_photo,
)
from leases.services.handover_reports import change_report, close_report, drop_report
from sites.choices import SpaceKind
from sites.models import Site
from tests.factories import handovers, scene, tenancies, uploads

pytestmark = pytest.mark.django_db

USED = Decimal("99.5")
OFFICE = [
    "Sol", "Murs et peinture", "Plafond", "Porte et serrure", "Fenêtres et vitrages", "Stores",
    "Éclairage", "Prises et interrupteurs", "Prises réseau", "Climatisation",
    "Détecteur de fumée", "Mobilier mis à disposition",
]  # fmt: skip


@pytest.fixture
def site() -> Site:
    return scene.site()


@pytest.fixture
def lease(site: Site) -> Lease:
    spaces = (scene.office(site, code="A2"), scene.office(site, code="A1", kind=SpaceKind.DESK))
    return tenancies.signed(site, *spaces)


def listed(report: HandoverReport) -> list[tuple[str, str]]:
    rows = report.items.select_related("space").order_by("position")
    return [(item.space.code if item.space else "", item.element) for item in rows]


def stored_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_report_begins_with_the_checklist_of_each_space(lease: Lease, site: Site) -> None:
    report = handovers.begun(lease)
    desk = ["Bureau", "Fauteuil", "Caisson ou casier", "Prises et interrupteurs", "Prises réseau"]
    assert listed(report) == [*(("A1", each) for each in desk), *(("A2", each) for each in OFFICE)]
    assert {item.condition for item in report.items.all()} == {""}
    assert (report.day, report.language, report.state) == (today(), "fr", ReportState.DRAFT)
    assert handovers.begun(lease) == report  # the draft that is there
    drop_report(report=report, reason="Mauvais jour", acting_user=None)

    # The network's lines come before the product's own, the site's before the network's.
    words = {"element_ar": "باب", "element_en": "Door"}
    ChecklistLine.objects.create(element_fr="Réseau", position=1, **words)
    again = handovers.begun(lease)
    assert listed(again) == [("A1", "Réseau"), ("A2", "Réseau")]
    drop_report(report=again, reason="Autre liste", acting_user=None)
    for kind, name, position, retired in (
        ("", "Porte", 2, False),
        (SpaceKind.DESK, "Lampe", 1, False),
        (SpaceKind.DESK, "Vieux", 0, True),
    ):
        ChecklistLine.objects.create(
            site=site,
            space_kind=kind,
            element_fr=name,
            position=position,
            retired=retired,
            **words,
        )
    third = handovers.begun(lease, language="ar")
    assert listed(third) == [("A1", "باب"), ("A1", "باب"), ("A2", "باب")]


def test_it_closes_once_everything_was_looked_at(lease: Lease) -> None:
    report = handovers.begun(lease)
    with pytest.raises(PresentMissing):
        close_report(report=report, acting_user=None)
    handovers.filled(report)
    first = report.items.order_by("position").first()
    assert first is not None
    fill_item(item=first, condition=Condition(Condition.WORN), remark=" rayé ", acting_user=None)
    set_keys(report=report, keys=[Counted("Porte", "P12", 2), Counted("Badge")], acting_user=None)
    set_meters(report=report, meters=[Read(MeterKind.WATER, "W1")], acting_user=None)
    fill_item(item=report.items.order_by("position")[1], condition="", acting_user=None)  # type: ignore[arg-type]
    with translation.override("en"), pytest.raises(ReportUnfinished) as refusal:
        close_report(report=report, acting_user=None)
    assert refusal.value.message == "Not looked at yet: A1, Fauteuil · Badge · water W1."

    handovers.filled(report)
    change_report(report=report, day=today() + dt.timedelta(days=1), acting_user=None)
    with pytest.raises(BadLeaseDate):
        close_report(report=report, acting_user=None)
    change_report(report=report, day=today(), remark="Clés vues", acting_user=None)
    done = close_report(report=report, acting_user=None)
    assert (done.state, done.closed_at is not None) == (ReportState.CLOSED, True)
    assert close_report(report=report, acting_user=None) == done
    with pytest.raises(ReportClosed):
        drop_report(report=report, reason="Trop tard", acting_user=None)
    with pytest.raises(ReportClosed):
        fill_item(item=first, remark="après coup", acting_user=None)
    first.refresh_from_db()
    assert first.remark == "rayé"


def test_an_exit_is_compared_with_its_entry(lease: Lease, site: Site) -> None:
    entry = handovers.begun(lease, language="en")
    add_item(report=entry, element="Bike rack", acting_user=None)
    handovers.closed(entry)
    tenancies.moved_in(lease)
    out = handovers.begun(lease, HandoverWay.OUT, language="fr")
    assert (out.compared_with, out.language) == (entry, "en")
    assert listed(out) == listed(entry)
    assert [item.before_id for item in out.items.order_by("position")] == [
        item.pk for item in entry.items.order_by("position")
    ]
    handovers.filled(out, condition=Condition(Condition.DAMAGED), keys=1, reading="1500.75")
    sheet = Sheet(out)
    assert {line.worse for room in sheet.rooms for line in room.lines} == {True}
    assert [line.lacking for line in sheet.keys] == [1]
    assert [line.consumed for line in sheet.meters] == [Decimal("300.250")]

    # What went out stays listed; a meter runs forwards, unless it is another one.
    set_keys(report=out, keys=[Counted("Badge", "", 0)], acting_user=None)
    assert [line.key.what for line in Sheet(out).keys] == ["Porte", "Badge"]
    with translation.override("en"), pytest.raises(ReadingBelowEntry) as refusal:
        set_meters(
            report=out,
            meters=[Read(MeterKind.ELECTRICITY, "E-77", Decimal("1200.4"))],
            acting_user=None,
        )
    assert refusal.value.message.startswith("Meter E-77 read 1,200.5 at the entry")
    new = Read(MeterKind.ELECTRICITY, "E-77", Decimal("3.5"), replaced=True)
    set_meters(report=out, meters=[new], acting_user=None)
    assert [line.consumed for line in Sheet(out).meters] == [None]
    item = out.items.first()
    assert item is not None
    with pytest.raises(ItemOfEntry):
        remove_item(item=item, acting_user=None)
    assert close_report(report=out, acting_user=None).state == ReportState.CLOSED


def test_whoever_goes_on_with_a_lease_is_compared_with_its_first_entry(site: Site) -> None:
    lease = tenancies.signed(site, scene.office(site), start=today() - dt.timedelta(days=40))
    entry = handovers.closed(handovers.begun(lease))
    other = assign_lease(
        lease=tenancies.moved_in(lease),
        company=scene.company(),
        since=today(),
        reason="Cession",
        acting_user=None,
    )
    assert handovers.begun(other, HandoverWay.OUT).compared_with == entry


def test_what_is_added_counted_and_dropped_is_checked(lease: Lease, site: Site) -> None:
    report = handovers.begun(lease)
    elsewhere = scene.office(site)
    added = add_item(report=report, element=" Balcon ", room="Terrasse", acting_user=None)
    assert (added.element, added.room, added.space) == ("Balcon", "Terrasse", None)
    assert add_item(report=report, element="Balcon", room="Terrasse", acting_user=None) == added
    assert [room.room for room in Sheet(report).rooms] == ["", "", "Terrasse"]
    two = [Counted("Porte", "1", 1), Counted("Porte", " 1 ", 2)]
    water = Read(MeterKind.WATER, "7", Decimal(1))
    refused: list[tuple[type[DomainError], Any]] = [
        (ElementMissing, lambda: add_item(report=report, element=" ", acting_user=None)),
        (SpaceNotLet, lambda: add_item(
            report=report, element="X", space=elsewhere, acting_user=None)),
        (ListedTwice, lambda: set_keys(report=report, keys=two, acting_user=None)),
        (ListedTwice, lambda: set_meters(report=report, meters=[water] * 2, acting_user=None)),
        (ElementMissing, lambda: set_keys(
            report=report, keys=[Counted(" ", "1", 1)], acting_user=None)),
        (ReasonNeeded, lambda: drop_report(report=report, reason=" ", acting_user=None)),
        (WrongLeaseState, lambda: handovers.begun(lease, HandoverWay.OUT)),
        (NothingToIssue, lambda: issue_document(
            lease=lease, kind=DocumentKind.HANDOVER, language="fr", report=report,
            acting_user=None)),
    ]  # fmt: skip
    for error, act in refused:
        with pytest.raises(error):
            act()
    remove_item(item=added, acting_user=None)
    assert not HandoverItem.objects.filter(pk=added.pk).exists()
    assert lease.state == LeaseState.SIGNED


@pytest.mark.parametrize(
    ("role", "here", "may"),
    [
        (Role.SITE_MANAGER, True, True),
        (Role.DIRECTOR, False, True),
        (Role.SITE_MANAGER, False, False),
        (Role.ADMISSIONS_OFFICER, True, False),
        (Role.FINANCE_OFFICER, True, False),
        (Role.AUDITOR, False, False),
    ],
)
def test_whoever_hands_keys_over_at_the_site_writes_the_report(
    lease: Lease, site: Site, role: Role, here: bool, may: bool
) -> None:
    everywhere = role in {Role.DIRECTOR, Role.AUDITOR}
    where = None if everywhere else site if here else scene.site("RAB")
    user = scene.staff(role, where)
    report = handovers.begun(lease)
    item = report.items.first()
    assert item is not None
    acts: list[Any] = [
        lambda: handovers.begun(lease, acting_user=user),
        lambda: fill_item(item=item, condition=Condition.GOOD, acting_user=user),
        lambda: handovers.photographed(item, acting_user=user),
        lambda: set_keys(report=report, keys=[], acting_user=user),
        lambda: change_report(report=report, remark="x", acting_user=user),
        lambda: drop_report(report=report, reason="x", acting_user=user),
    ]
    for act in acts:
        if may:
            act()
        else:
            with pytest.raises(NotAllowed):
                act()
    seen = HandoverReport.objects.visible_to(user).exists()
    assert seen == (here or everywhere)


@pytest.mark.django_db(transaction=True)
def test_photos_are_kept_without_what_a_phone_says_of_them(
    lease: Lease, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    report = handovers.begun(lease)
    item = report.items.order_by("position").first()
    assert item is not None
    photo = handovers.photographed(item, uploads.photo(2000, 1000))
    assert (photo.width, photo.height) == (800, 1600)
    kept = Path(photo.file.path).read_bytes()
    assert photo.size == len(kept)
    assert not any(b"Exif" in path.read_bytes() for path in stored_files(tmp_path))
    assert handovers.photographed(item, uploads.photo(2000, 1000)) == photo
    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        assert sweep_leftovers() == 0
    assert len(stored_files(tmp_path)) == 2

    with (
        uploads.clamd() as (address, _seen),
        override_settings(CLAMD_ADDRESS=address),
        pytest.raises(CopyInfected),
    ):
        handovers.photographed(item, uploads.photo(shade=1)[:-2] + uploads.EICAR + b"\xff\xd9")
    with pytest.raises(UploadKindRefused):
        handovers.photographed(item, uploads.pdf(), name="x.pdf")
    with pytest.raises(UploadOfHugePicture):
        handovers.photographed(item, uploads.png(9000, 9000), name="x.png")
    for shade in range(2, MOST_PHOTOS + 1):
        handovers.photographed(item, uploads.photo(shade=shade * 9))
    with pytest.raises(TooManyPhotos):
        handovers.photographed(item, uploads.photo(shade=255))
    remove_photo(photo=photo, acting_user=None)
    assert len(stored_files(tmp_path)) == 2 * (MOST_PHOTOS - 1)
    remove_item(item=item, acting_user=None)
    assert (stored_files(tmp_path), HandoverPhoto.objects.count()) == ([], 0)


def test_a_closed_report_is_frozen_whoever_writes(lease: Lease) -> None:
    report = handovers.begun(lease)
    item = report.items.first()
    assert item is not None
    handovers.photographed(item)
    handovers.closed(report)
    spare = handovers.begun(lease)
    columns = "report_id, room, position, element, condition, remark"
    photo_columns = "item_id, file, small, sha256, size, width, height, made_at"
    for statement in (
        "UPDATE leases_handoverreport SET day = day - 1 WHERE id = %s",
        "UPDATE leases_handoverreport SET state = 'draft', closed_at = NULL WHERE id = %s",
        "DELETE FROM leases_handoverreport WHERE id = %s",
        "UPDATE leases_handoveritem SET condition = 'worn' WHERE report_id = %s",
        f"UPDATE leases_handoveritem SET report_id = {spare.pk} WHERE report_id = %s",
        "DELETE FROM leases_handoverkey WHERE report_id = %s",
        "UPDATE leases_handoverkey SET count = 9 WHERE report_id = %s",
        "UPDATE leases_meterreading SET reading = 1 WHERE report_id = %s",
        f"INSERT INTO leases_handoveritem ({columns}) VALUES (%s, '', 1, 'x', 'good', '')",
        "DELETE FROM leases_handoverphoto WHERE item_id IN "
        "(SELECT id FROM leases_handoveritem WHERE report_id = %s)",
        f"INSERT INTO leases_handoverphoto ({photo_columns}) SELECT id, 'a', 'b', 'c', 1, 1, 1, "
        "now() FROM leases_handoveritem WHERE report_id = %s",
    ):
        with (
            pytest.raises(DatabaseError, match="is frozen"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [report.pk])


def test_a_closed_report_is_issued_by_the_job_in_three_languages(lease: Lease) -> None:
    entry = handovers.begun(lease)
    item = entry.items.order_by("position").first()
    assert item is not None
    handovers.photographed(item)
    handovers.closed(entry)
    tenancies.moved_in(lease)
    out = handovers.begun(lease, HandoverWay.OUT)
    worn = out.items.order_by("position").first()
    assert worn is not None
    handovers.filled(out, keys=1, reading="1300")
    fill_item(item=worn, condition=Condition.DAMAGED, remark="Pied cassé", acting_user=None)
    out = close_report(report=out, acting_user=None)
    issue_missing()
    assert issue_missing() == 0
    by_job = LeaseDocument.objects.filter(kind=DocumentKind.HANDOVER).order_by("id")
    assert {(row.report_id, row.language) for row in by_job} == {(entry.pk, "fr"), (out.pk, "fr")}
    own = {"fr": "Le présent état des lieux", "en": "This report (", "ar": "P12"}
    for language in Language.values:
        document = issue_document(
            lease=lease,
            kind=DocumentKind.HANDOVER,
            language=language,
            report=out,
            acting_user=None,
        )
        assert document.filename == f"{lease.number}-handover-out-{today()}-{language}.pdf"
        pdf = Path(document.file.path).read_bytes()
        assert b"pdfaid:part" in pdf
        pages = PdfReader(io.BytesIO(pdf)).pages
        text = " ".join("\n".join(page.extract_text() for page in pages).split())
        with translation.override(language):
            labels = [gettext("Exit report"), Condition.DAMAGED.label.capitalize()]
        said = [own[language], "Pied cassé", "M. Bennis, régisseur", formats.exact(USED, language)]
        # What pypdf reads of Arabic is not in the order of its letters.
        for words in (*said, *(labels if language != "ar" else ())):
            assert words in text, (language, words)
    first = by_job.get(report=entry)
    images = [
        image
        for page in PdfReader(io.BytesIO(Path(first.file.path).read_bytes())).pages
        for image in page.images
    ]
    assert len(images) == 1
    assert b"Exif" not in Path(first.file.path).read_bytes()
