"""Monthly reports: made once, written of once, kept as sent, marked where later data differ."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.choices import Role
from accounts.models import User
from core.errors import DomainError
from core.languages import Language
from core.models import Message
from indicators.errors import MonthNotOver, ReportMade
from indicators.formulas import INDICATORS
from indicators.models import Report, ReportSubscription
from indicators.papers.report import report_pdf
from indicators.selectors.reports import due_month, file_of
from indicators.services import reporting
from indicators.services.reporting import make_report, send_due
from indicators.services.subscribing import subscribe, unsubscribe
from leases import changes
from leases.choices import AmendmentKind
from leases.models import Lease
from leases.selectors.terms import terms_of
from leases.services.amendments import draft_amendment, sign_amendment
from sites.models import Membership, Site
from tests.factories import doors, scene, tenancies

pytestmark = pytest.mark.django_db
day = dt.date
MAY = day(2026, 5, 1)
QUERIES = 30


def moment(on: dt.date) -> dt.datetime:
    return dt.datetime.combine(on, dt.time(12), dt.UTC)


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(moment(day(2026, 6, 5)), tick=False):
        yield tmp_path


@pytest.fixture
def casa() -> Site:
    return scene.site("CAS")


def let(site: Site) -> Lease:
    """Two of its three rooms, since the 4th of May."""
    scene.office(site)
    rooms = (scene.office(site), scene.office(site))
    return tenancies.active(
        site, *rooms, start=day(2026, 5, 4), company=scene.company("Argan Démo")
    )


def subscriber(role: Role, site: Site | None, *, language: str, since: dt.date) -> User:
    """Of the reports of their own site or of the network."""
    user = scene.staff(role, site)
    User.objects.filter(pk=user.pk).update(language=language)
    with time_machine.travel(moment(since), tick=False):
        subscribe(site=site, acting_user=user)
    return user


def give_one_back(lease: Lease, since: dt.date) -> None:
    """By an amendment that is signed today and dated back."""
    terms = terms_of(lease)
    amendment = draft_amendment(
        lease=lease,
        kind=AmendmentKind.SPACE,
        effective_on=since,
        after=changes.give_up(terms, 1, since),
        reason="Signé en retard",
        acting_user=None,
    )
    sign_amendment(amendment=amendment, signed_on=day(2026, 6, 5), acting_user=None)


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def parts_of(pdf: bytes) -> Iterator[Any]:
    """What the document is made of, for whoever has it read out."""

    def within(element: Any) -> Iterator[Any]:
        whole = element.get_object()
        if isinstance(whole, list):
            for one in whole:
                yield from within(one)
        elif isinstance(whole, dict):
            yield whole
            if "/K" in whole:
                yield from within(whole["/K"])

    return within(PdfReader(BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"])  # type: ignore[index]


def test_a_report_can_be_read_out_charts_in_words_tables_with_their_heads(casa: Site) -> None:
    let(casa)
    for language in Language.values:
        report = make_report(site=None, month=MAY, language=language, acting_user=None)
        parts = list(parts_of(file_of(report)))
        count = Counter(part.get("/S") for part in parts)
        assert (count["/Figure"], count["/Table"], count["/THead"]) == (6, 12, 12)
        told = [part["/Alt"] for part in parts if part.get("/S") == "/Figure"]
        if language == "en":
            assert told[0].splitlines() == [
                "Occupancy by area",
                "The whole network: from 0.0% to 66.7%, at least 0.0%, at most 66.7%",
                "Site CAS: from 0.0% to 66.7%, at least 0.0%, at most 66.7%",
            ]
            assert told[2].splitlines()[0] == "Expiry profile"


def test_a_report_is_sent_once_kept_as_sent_and_marked_when_later_data_differ(casa: Site) -> None:
    lease = let(casa)
    director = subscriber(Role.DIRECTOR, None, language="fr", since=day(2026, 5, 10))
    manager = subscriber(Role.SITE_MANAGER, casa, language="ar", since=day(2026, 5, 10))
    assert (send_due(), send_due()) == (2, 0)
    letters = {letter.to: letter for letter in Message.objects.filter(matter__startswith="report:")}
    assert {(letter.to, letter.language) for letter in letters.values()} == {
        (director.email, "fr"),
        (manager.email, "ar"),
    }
    network, of_site = Report.objects.order_by("language")[::-1]
    assert (network.month, network.site, network.language) == (MAY, None, "fr")
    assert (of_site.site, of_site.language) == (casa, "ar")
    assert f"/staff/figures/reports/{network.pk}/" in letters[director.email].body
    assert [one["name"] for one in network.figures] == list(INDICATORS)

    pdf = file_of(network)
    told = text_of(pdf)
    for words in ("mai 2026", "Argan Démo", "31 mai 2026", "Tout le réseau", "66,7 %"):
        assert words in told.replace("\u202f", " ").replace("\xa0", " "), words
    client = doors.signed_in(director)
    assert client.get(f"/staff/figures/reports/{network.pk}/file/").content == pdf
    page = client.get("/staff/figures/reports/?lang=en")
    assert [line["state"] for line in page.context["reports"]] == ["as reported", "as reported"]

    give_one_back(lease, day(2026, 5, 15))
    page = client.get("/staff/figures/reports/?lang=en")
    rows = client.get(f"/staff/figures/reports/{network.pk}/?lang=en").context["rows"]
    differing = {row["name"]: row for row in rows if row["differs"]}
    assert {"occupancy_area", "occupancy_unit", "contracted_rent"} <= set(differing)
    assert not {"hosted", "entries", "occupancy_company"} & set(differing)
    assert differing["occupancy_area"]["sent"] == ("66.7%", "40\xa0m² ÷ 60\xa0m²")
    assert differing["occupancy_area"]["now"] == ("33.3%", "20\xa0m² ÷ 60\xa0m²")
    states = [line["state"] for line in page.context["reports"]]
    assert states == [f"{len(differing)} figures differ now"] * 2
    assert file_of(Report.objects.get(pk=network.pk)) == pdf
    assert send_due() == 0


@pytest.mark.parametrize(
    ("on", "month"),
    [
        (day(2026, 6, 1), day(2026, 4, 1)),
        (day(2026, 6, 2), day(2026, 5, 1)),
        (day(2026, 1, 1), day(2025, 11, 1)),
        (day(2026, 1, 31), day(2025, 12, 1)),
    ],
)
def test_a_month_is_due_on_the_second(on: dt.date, month: dt.date) -> None:
    with time_machine.travel(moment(on), tick=False):
        assert due_month() == month


def test_missed_months_are_made_up_and_reports_are_shared_and_left(casa: Site) -> None:
    first, second = (
        subscriber(Role.SITE_MANAGER, casa, language="en", since=day(2026, 4, 10)) for _ in range(2)
    )
    Membership.objects.filter(user=second).delete()
    assert send_due() == 2
    months = list(Report.objects.order_by("id").values_list("month", flat=True))
    assert months == [day(2026, 4, 1), MAY]
    assert set(Message.objects.values_list("to", flat=True)) == {first.email}
    assert set(ReportSubscription.objects.values_list("sent_through", flat=True)) == {MAY}
    # Who subscribes anew gets no letter a second time.
    unsubscribe(site=casa, acting_user=first)
    subscribe(site=casa, acting_user=first)
    assert send_due() == 0


def _killed(*_args: Any, **_given: Any) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("at", ["Report.save", "messages.queue"])
def test_a_job_that_is_killed_goes_on_where_it_was(
    at: str, casa: Site, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscriber(Role.DIRECTOR, None, language="fr", since=day(2026, 5, 10))
    with monkeypatch.context() as patched:
        patched.setattr(f"indicators.services.reporting.{at}", _killed)
        with pytest.raises(KeyboardInterrupt):
            send_due()
    made = list(Report.objects.values_list("pk", "sha256"))
    files = [path for path in media.rglob("*") if path.is_file()]
    assert len(made) == len(files) == (1 if at == "messages.queue" else 0)
    assert not Message.objects.exists()
    assert (send_due(), send_due()) == (1, 0)
    assert (Report.objects.count(), Message.objects.count()) == (1, 1)
    assert made in ([], list(Report.objects.values_list("pk", "sha256")))


def test_one_that_fails_holds_up_no_other(casa: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    rabat = scene.site("RAB")
    for site in (casa, rabat):
        subscriber(Role.SITE_MANAGER, site, language="fr", since=day(2026, 5, 10))

    def flawed(told: Any) -> bytes:
        if told.code == "CAS":
            raise ValueError("no")
        return report_pdf(told)

    with monkeypatch.context() as patched:
        patched.setattr(reporting, "report_pdf", flawed)
        with pytest.raises(ExceptionGroup):
            send_due()
    assert Report.objects.get().site == rabat
    assert send_due() == 1


def test_a_report_of_a_past_month_is_made_once_by_those_who_may(casa: Site) -> None:
    director = scene.staff(Role.DIRECTOR)
    client = doors.signed_in(director)
    asked = {"site": "CAS", "month": "2018-07", "language": "ar"}
    answer = client.post("/staff/figures/reports/make/", asked)
    report = Report.objects.get()
    assert answer["Location"] == f"/staff/figures/reports/{report.pk}/"
    assert (report.month, report.language) == (day(2018, 7, 1), "ar")
    assert report.acting_user == director
    assert not Message.objects.exists()
    for month, refusal in ((day(2018, 7, 1), ReportMade), (day(2026, 6, 1), MonthNotOver)):
        with pytest.raises(refusal):
            make_report(site=casa, month=month, language="ar", acting_user=director)
    manager = doors.staff_client(Role.SITE_MANAGER, casa)
    manager.post("/staff/figures/reports/make/", {**asked, "month": "2018-06"})
    for wrong in ("soon", "0001-01", ""):
        client.post("/staff/figures/reports/make/", {**asked, "month": wrong})
    assert Report.objects.count() == 1


def test_reports_keep_to_the_users_sites(casa: Site) -> None:
    rabat = scene.site("RAB")
    network, here, there = (
        make_report(site=site, month=MAY, language="fr", acting_user=None)
        for site in (None, casa, rabat)
    )
    manager = scene.staff(Role.SITE_MANAGER, casa)
    client = doors.signed_in(manager)
    page = client.get("/staff/figures/reports/")
    assert [line["report"] for line in page.context["reports"]] == [here]
    assert [code for code, *_ in page.context["subscriptions"]] == ["CAS"]
    assert page.context["makeable"] == []
    for report, status in ((network, 404), (here, 200), (there, 404)):
        for address in ("", "file/"):
            answer = client.get(f"/staff/figures/reports/{report.pk}/{address}")
            assert answer.status_code == status
    for code in ("CAS", "RAB", ""):
        client.post("/staff/figures/reports/subscription/", {"site": code})
    assert ReportSubscription.objects.get().site == casa
    assert client.get("/staff/figures/reports/").context["subscriptions"][0][2] is True
    client.post("/staff/figures/reports/subscription/", {"site": "CAS", "end": "yes"})
    assert not ReportSubscription.objects.exists()
    reviewer = doors.staff_client(Role.REVIEWER, casa)
    assert reviewer.get("/staff/figures/reports/").status_code == 403
    assert reviewer.get(f"/staff/figures/reports/{here.pk}/").status_code == 404


def test_the_list_asks_as_often_for_one_report_as_for_many(
    casa: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    let(casa)
    client = doors.staff_client(Role.DIRECTOR)
    address = "/staff/figures/reports/"

    def look() -> None:
        with django_assert_num_queries(QUERIES):
            client.get(address)

    make_report(site=None, month=MAY, language="fr", acting_user=None)
    client.get(address)
    look()
    for month in (day(2026, 4, 1), day(2026, 3, 1)):
        for site in (None, casa):
            make_report(site=site, month=month, language="en", acting_user=None)
    look()


def test_a_damaged_file_is_given_to_nobody(casa: Site, media: Path) -> None:
    report = make_report(site=casa, month=MAY, language="en", acting_user=None)
    Path(report.file.path).write_bytes(b"%PDF-1.7 other")
    with pytest.raises(DomainError, match="damaged"):
        file_of(report)
    answer = doors.staff_client(Role.DIRECTOR).get(f"/staff/figures/reports/{report.pk}/file/")
    assert answer["Location"] == f"/staff/figures/reports/{report.pk}/"
