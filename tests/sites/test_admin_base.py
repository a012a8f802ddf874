"""What every staff list shares: flat cost, capped counts, exports, history, refusals."""

import csv
import datetime as dt
import io
import itertools
import re
from typing import Any

import openpyxl
import pytest
from django.contrib import admin
from django.db import connection, models
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags

from accounts.choices import Role
from accounts.models import User
from core import messages
from core.models import Message
from core.periods import Period
from sites.admin import listing
from sites.choices import BookingKind
from sites.models import (
    Booking,
    Building,
    Floor,
    Lessor,
    Membership,
    RatePlan,
    Site,
    SiteCapacity,
    Space,
)
from sites.services.bookings import book
from tenants.models import Company, Contact, Sector, Technology
from tenants.services import note_presence
from tests.factories import doors, scene

pytestmark = pytest.mark.django_db
_numbers = itertools.count()

# Session, account, second factor and memberships are the first four.
LISTS: dict[type[models.Model], int] = {
    Lessor: 4,
    Site: 5,
    Building: 5,
    Floor: 5,
    Space: 6,
    Booking: 5,
    RatePlan: 6,
    User: 6,
    Membership: 5,
    Company: 9,
    Sector: 4,
    Message: 5,
}


def _address(model: type[models.Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def _one_more_of_each(where: Site) -> None:
    number = next(_numbers)
    building = Building.objects.create(site=where, code=f"W{number}")
    floor = Floor.objects.create(building=building, code="1", level=1)
    space = scene.office(where)
    Space.objects.filter(pk=space.pk).update(building=building, floor=floor)
    since = Period(dt.date(2020, 1, 1))
    book(space=space, period=since, kind=BookingKind.LETTING, acting_user=None)
    company = scene.company(f"Company {number}")
    note_presence(company=company, site=where, acting_user=None)
    scene.staff(Role.REVIEWER, where)
    messages.queue(to="a@example.org", subject="s", body="b", language="fr", site_code=where.code)
    Lessor.objects.create(code=f"lessor{number}", name=f"Lessor {number}", legal_form="SA")
    Sector.objects.create(code=f"sector{number}", name_fr=f"Secteur {number}")
    Technology.objects.create(code=f"technology{number}", name_fr=f"Technologie {number}")


def test_a_list_costs_the_same_with_1_row_and_with_50() -> None:
    here = scene.site("CAS")
    client = doors.staff_client(Role.DIRECTOR)
    _one_more_of_each(here)
    few = {model: _queries(client, _address(model, "changelist")) for model in LISTS}
    for _more in range(50):
        _one_more_of_each(here)
    many = {model: _queries(client, _address(model, "changelist")) for model in LISTS}
    assert few == LISTS
    assert many == LISTS


def test_a_count_stops_at_its_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "COUNTED", 3)
    paginator = listing.CappedPaginator(Sector.objects.order_by("code"), 2)
    for number in range(3):
        Sector.objects.create(code=f"s{number}", name_fr="x")
    assert (paginator.count, paginator.capped, paginator.num_pages) == (3, False, 2)
    Sector.objects.create(code="s3", name_fr="x")
    paginator = listing.CappedPaginator(Sector.objects.order_by("code"), 2)
    with CaptureQueriesContext(connection) as queries:
        assert (paginator.count, paginator.capped) == (3, True)
    assert len(queries) == 1
    assert "LIMIT 4" in queries[0]["sql"]
    answer = doors.staff_client(Role.DIRECTOR).get(_address(Sector, "changelist"), {"lang": "en"})
    page = answer.content.decode()
    assert "The first 3." in page
    assert re.search(r"<title>\s*Sectors \| Technopark\s*</title>", page)


def _csv(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_an_export_holds_the_users_rows_as_filtered() -> None:
    here, there = scene.site("CAS"), scene.site("RAB")
    for site, code in ((here, "A1"), (here, "A2"), (there, "B1")):
        scene.office(site, code=code)
    client = doors.staff_client(Role.SITE_MANAGER, here)
    address = _address(Space, "export")
    choice = {"format": "0", "resource": "0"}
    rows = _csv(client.post(f"{address}?q=A2", choice))
    assert rows == [
        [
            "site_code",
            "building_code",
            "floor_code",
            "code",
            "kind",
            "area_m2",
            "taken_as",
            "advertised",
            "note",
        ],
        ["CAS", "A", "1", "A2", "office", "20.00", "", "True", ""],
    ]
    assert [row[3] for row in _csv(client.post(address, choice))] == ["code", "A1", "A2"]
    xlsx = client.post(address, {**choice, "format": "1"})
    sheet: Any = openpyxl.load_workbook(io.BytesIO(xlsx.content)).active
    assert [row[3].value for row in sheet.iter_rows()] == ["code", "A1", "A2"]


def test_an_export_takes_periods_apart_and_runs_no_formula() -> None:
    here = scene.site("CAS")
    for index, label in enumerate(["=1+1", "@x", "+212 522", "-works", "plain"]):
        book(
            space=scene.office(here, code=f"A{index}"),
            period=Period(dt.date(2020, 1, 1), dt.date(2021, 1, 1)),
            kind=BookingKind.OUT_OF_SERVICE,
            label=label,
            acting_user=None,
        )
    client = doors.staff_client(Role.AUDITOR)
    rows = _csv(client.post(_address(Booking, "export"), {"format": "0", "resource": "0"}))
    head = dict(zip(rows[0], rows[1], strict=True))
    assert (head["start"], head["end"]) == ("2020-01-01", "2020-12-31")
    column = rows[0].index("label")
    assert {row[column] for row in rows[1:]} == {"'=1+1", "'@x", "+212 522", "'-works", "plain"}


def test_the_history_says_who_when_from_where_and_what() -> None:
    here = scene.site("CAS", capacity=100)
    user = scene.staff(Role.DIRECTOR)
    client = doors.signed_in(user)
    capacity = SiteCapacity.objects.get()
    page = client.get(_address(Site, "change", here.pk))
    form = page.context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields}
    data |= {
        "city": "Nouaceur",
        "takes_applications": "on",
        "capacities-TOTAL_FORMS": "1",
        "capacities-INITIAL_FORMS": "1",
        "capacities-0-id": capacity.pk,
        "capacities-0-site": here.pk,
        "capacities-0-period_0": "2015-01-01",
        "capacities-0-period_1": "2029-12-31",
        "capacities-0-companies": "120",
        "buildings-TOTAL_FORMS": "0",
        "buildings-INITIAL_FORMS": "0",
    }
    answer = client.post(_address(Site, "change", here.pk), data)
    assert answer.status_code == 302, answer.context["errors"]
    entries = client.get(_address(Site, "history", here.pk), {"lang": "en"}).context["entries"]
    said = [
        (
            entry.about,
            entry.verb,
            entry.who,
            entry.address,
            [(change.label, change.old, change.new) for change in entry.changes],
        )
        for entry in entries
        if entry.verb == "changed"
    ]
    assert said == [
        ("Site", "changed", str(user), "127.0.0.1", [("City", "Tanger", "Nouaceur")]),
        (
            "Capacity",
            "changed",
            str(user),
            "127.0.0.1",
            [
                ("In force", "01/01/2015 – …", "01/01/2015 – 31/12/2029"),
                ("Companies", "100", "120"),
            ],
        ),
    ]


def test_the_history_tells_which_links_were_made_and_undone() -> None:
    sector = Sector.objects.create(code="green", name_fr="Vert", name_en="Green")
    company = scene.company()
    company.sectors.add(sector)
    company.sectors.remove(sector)
    client = doors.staff_client(Role.DIRECTOR)
    page = client.get(_address(Company, "history", company.pk), {"lang": "en"})
    told = {
        (entry.about, entry.verb, change.label, change.old, change.new)
        for entry in page.context["entries"]
        for change in entry.changes
        if entry.about == "Sector"
    }
    assert told == {
        ("Sector", "added", "Sector", "—", "Green"),
        ("Sector", "deleted", "Sector", "Green", ""),
    }


def test_the_history_cuts_no_moment_in_two() -> None:
    sector = Sector.objects.create(code="ict", name_fr="0")
    client = doors.staff_client(Role.DIRECTOR)
    for number in range(1, 150):
        Sector.objects.filter(pk=sector.pk).update(name_fr=str(number))
    events: Any = Sector.pgh_event_model  # type: ignore[attr-defined]
    assert events.objects.count() == 150
    first = client.get(_address(Sector, "history", sector.pk))
    # One transaction, one moment: it is never cut in two.
    assert len(first.context["entries"]) == 150
    newest = first.context["entries"][0].changes[0]
    assert (newest.old, newest.new) == ("148", "149")


def test_two_rows_that_contradict_each_other_come_back_as_an_error_of_the_form() -> None:
    here = scene.site("CAS")
    client = doors.staff_client(Role.DIRECTOR)
    address = reverse("admin:sites_rateplan_add")
    data = {
        "site": here.pk,
        "tenant_kind": "large",
        "period_0": "2020-01-01",
        "period_1": "",
        "unit": "per_m2",
        "deposit_months": "1",
        "steps-TOTAL_FORMS": "2",
        "steps-INITIAL_FORMS": "0",
        "steps-0-after_months": "0",
        "steps-0-rate": "130",
        "steps-1-after_months": "0",
        "steps-1-rate": "140",
    }
    plans = RatePlan.objects.count()
    answer = client.post(address, data)
    assert answer.status_code == 200
    assert RatePlan.objects.count() == plans
    assert 'value="140"' in answer.content.decode()
    stepped = {**data, "steps-0-rate": "62,5", "steps-1-after_months": "12"}
    answer = client.post(f"{address}?lang=en", {**stepped, "tenant_kind": "startup"})
    said = "The site has another plan for this kind of tenant on some of these days"
    assert said in answer.content.decode()
    coworking = {**stepped, "tenant_kind": "coworking"}  # decimals as they are written here
    assert client.post(address, coworking).status_code == 302
    made = RatePlan.objects.get(site=here, tenant_kind="coworking")
    page = client.get(f"{reverse('admin:sites_rateplan_change', args=(made.pk,))}?lang=fr")
    assert 'value="62,5"' in page.content.decode()
    assert "Paliers de loyer" in page.content.decode()
    started_late = {**data, "steps-0-after_months": "6", "steps-1-after_months": "12"}
    answer = client.post(f"{address}?lang=en", started_late)
    assert "One step must begin after 0 months" in answer.content.decode()
    good = {**data, "steps-1-after_months": "18"}
    assert client.post(address, good).status_code == 302
    assert RatePlan.objects.count() == plans + 2


def test_a_period_taken_already_is_refused_at_the_form() -> None:
    here = scene.site("CAS")
    client = doors.staff_client(Role.DIRECTOR)
    data = {
        "site": here.pk,
        "tenant_kind": "startup",
        "period_0": "2020-01-01",
        "unit": "per_m2",
        "deposit_months": "1",
        "steps-TOTAL_FORMS": "1",
        "steps-INITIAL_FORMS": "0",
        "steps-0-after_months": "0",
        "steps-0-rate": "130",
    }
    answer = client.post(reverse("admin:sites_rateplan_add"), data)
    assert answer.status_code == 200
    assert answer.context["errors"]


@pytest.mark.django_db(transaction=True)
def test_the_history_goes_on_page_by_page() -> None:
    sector = Sector.objects.create(code="ict", name_fr="0")
    for number in range(1, 150):
        Sector.objects.filter(pk=sector.pk).update(name_fr=str(number))
    client = doors.staff_client(Role.DIRECTOR)
    address = _address(Sector, "history", sector.pk)
    seen: list[str] = []
    query: dict[str, str] = {}
    for _page in range(2):
        context = client.get(address, {"lang": "en", **query}).context
        seen += [entry.changes[0].new for entry in context["entries"] if entry.verb == "changed"]
        query = {"before": context["older"].isoformat()} if context["older"] else {}
    assert seen == [str(number) for number in range(149, 0, -1)]
    assert query == {}


def test_a_rows_page_costs_the_same_whatever_hangs_on_it() -> None:
    here = scene.site("CAS")
    space, company = scene.office(here), scene.company("Dossier Demo")
    note_presence(company=company, site=here, acting_user=None)
    client = doors.staff_client(Role.DIRECTOR)

    def cost() -> list[int]:
        pages = (_address(Space, "change", space.pk), _address(Company, "change", company.pk))
        return [_queries(client, page) for page in pages]

    def more(number: int) -> None:
        day = dt.date(2016, 1, 1) + dt.timedelta(days=number)
        period = Period(day, day + dt.timedelta(days=1))
        book(space=space, period=period, kind=BookingKind.LETTING, acting_user=None)
        Contact.objects.create(company=company, name=f"Contact {number}")

    more(0)
    cost()  # the first page of a process looks up content types
    assert cost() == [8, 12]
    for number in range(1, 13):
        more(number)
    assert cost() == [8, 12]


def test_a_delete_page_counts_what_is_elsewhere_without_naming_it() -> None:
    here, there = scene.site("CAS"), scene.site("RAB")
    spaces = [scene.office(site, code=f"{site.code}-1") for site in (here, there)]
    request = RequestFactory().get("/")
    request.user = scene.staff(Role.DIRECTOR, here)
    pages: Any = admin.site.get_model_admin(Floor)
    with translation.override("en"):
        _nested, _counted, lacking, protected = pages.get_deleted_objects(
            Floor.objects.order_by("pk"), request
        )
    assert lacking == {"floor"}
    assert sorted(strip_tags(line) for line in protected) == [
        "Space of another site",
        f"Space: {spaces[0].code}",
    ]
