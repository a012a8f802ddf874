"""Acts on spaces from the staff site."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.choices import Role
from core.periods import ONE_DAY, Period, today
from sites.choices import BookingKind
from sites.models import Booking, Building, Floor, LettablePeriod, Measure, Space
from sites.services.bookings import book
from tests.factories import doors, scene

pytestmark = pytest.mark.django_db


def _post(client: Client, route: str, space: Space, **data: Any) -> Any:
    address = reverse(f"admin:sites_space_{route}", args=(space.pk,))
    return client.post(f"{address}?lang=en", data)


def _errors(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 200
    return {name: list(lines) for name, lines in answer.context["form"].errors.items()}


def test_adding_a_space_measures_it_and_puts_it_in_service() -> None:
    here = scene.site("CAS")
    floor = Floor.objects.create(
        building=Building.objects.create(site=here, code="B"), code="2", level=2
    )
    client = doors.staff_client(Role.SITE_MANAGER, here)
    address = reverse("admin:sites_space_add")
    data = {"floor": floor.pk, "code": "B201", "kind": "office", "area_m2": "18.5"}
    refused = client.post(f"{address}?lang=en", data)
    assert refused.context["adminform"].form.errors == {
        "lettable_from": ["Say from which day the area counts."]
    }
    assert Space.objects.count() == 0
    made = client.post(address, {**data, "lettable_from": "2026-01-01", "advertised": "on"})
    assert made.status_code == 302
    space = Space.objects.get()
    assert (space.site, space.building, space.code) == (here, floor.building, "B201")
    assert Measure.objects.get().area_m2 == Decimal("18.50")
    assert LettablePeriod.objects.get().period == Period(dt.date(2026, 1, 1))
    twice = client.post(f"{address}?lang=en", {**data, "lettable_from": "2026-01-01"})
    assert twice.status_code == 200
    assert "already exists" in str(twice.context["adminform"].form.errors)


def test_a_space_is_added_at_ones_own_site_only() -> None:
    here, there = scene.site("CAS"), scene.site("RAB")
    floor = scene.office(there).floor
    client = doors.staff_client(Role.SITE_MANAGER, here)
    answer = client.post(
        reverse("admin:sites_space_add"), {"floor": floor.pk, "code": "X1", "kind": "office"}
    )
    assert list(answer.context["adminform"].form.errors) == ["floor"]
    assert Space.objects.count() == 1


def test_a_unit_is_at_the_site_of_what_it_is_in() -> None:
    here, there = scene.site("CAS"), scene.site("RAB")
    floor, parent = scene.office(here).floor, scene.office(there, code="R1", kind="open_floor")
    client = doors.staff_client(Role.DIRECTOR)
    answer = client.post(
        f"{reverse('admin:sites_space_add')}?lang=en",
        {"floor": floor.pk, "code": "X1", "kind": "desk", "parent": parent.pk},
    )
    assert answer.context["adminform"].form.errors == {"parent": ["R1 is not at Site CAS."]}
    unit = scene.office(here, kind="desk")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic():
        Space.objects.filter(pk=unit.pk).update(parent=parent)


def test_a_floor_that_was_let_whole_is_not_divided_nor_a_divided_one_measured() -> None:
    """Figures count leaves alone: a unit inside would take the floor out of past days too."""
    here = scene.site("CAS")
    whole = scene.office(here, code="W1", kind="open_floor")
    client = doors.staff_client(Role.SITE_MANAGER, here)
    address = f"{reverse('admin:sites_space_add')}?lang=en"
    desk = {"floor": whole.floor_id, "code": "W1-1", "kind": "desk", "parent": whole.pk}
    refused = client.post(address, desk)
    assert list(refused.context["adminform"].form.errors) == ["parent"]
    holder = {"floor": whole.floor_id, "code": "W2", "kind": "open_floor"}
    assert client.post(address, holder).status_code == 302
    divided = Space.objects.get(code="W2")
    assert client.post(address, {**desk, "parent": divided.pk}).status_code == 302
    assert list(divided.units.values_list("code", flat=True)) == ["W1-1"]
    answer = _post(client, "measure_again", divided, area_m2="80", since="2026-07-01")
    assert _errors(answer) == {
        "__all__": ["W2 is divided into units: choose one of them."],
    }


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_that_nobody_means_is_an_error_of_the_form(day: str) -> None:
    space = scene.office(scene.site("CAS"))
    client = doors.staff_client(Role.SITE_MANAGER, space.site)
    assert list(_errors(_post(client, "retire", space, day=day))) == ["day"]
    assert list(_errors(_post(client, "measure_again", space, area_m2="2", since=day))) == ["since"]
    data = {"period_0": "2026-01-01", "period_1": day, "reason": "works"}
    assert list(_errors(_post(client, "take_out", space, **data))) == ["period"]


def test_measuring_again_keeps_the_past() -> None:
    space = scene.office(scene.site("CAS"))
    client = doors.staff_client(Role.SITE_MANAGER, space.site)
    done = _post(client, "measure_again", space, area_m2="22.25", since="2026-07-01")
    assert done.headers["Location"] == reverse("admin:sites_space_change", args=(space.pk,))
    assert list(Measure.objects.order_by("period").values_list("area_m2", "period")) == [
        (Decimal("20.00"), Period(dt.date(2015, 1, 1), dt.date(2026, 7, 1))),
        (Decimal("22.25"), Period(dt.date(2026, 7, 1))),
    ]
    again = _post(client, "measure_again", space, area_m2="23", since="2026-06-01")
    assert _errors(again) == {
        "__all__": [f"A measurement of {space.code} already begins on 01/07/2026."]
    }
    assert 'value="23"' in again.content.decode()


def test_out_of_service_and_back() -> None:
    space = scene.office(scene.site("CAS"))
    client = doors.staff_client(Role.SITE_MANAGER, space.site)
    page = reverse("admin:sites_space_change", args=(space.pk,))
    back = reverse("admin:sites_space_take_back", args=(space.pk,))
    assert back not in client.get(page).content.decode()
    start = today() - 10 * ONE_DAY
    done = _post(client, "take_out", space, period_0=start, period_1="", reason="works")
    assert done.status_code == 302
    booking = Booking.objects.get()
    assert (booking.kind, booking.period, booking.label) == (
        BookingKind.OUT_OF_SERVICE,
        Period(start),
        "works",
    )
    assert back in client.get(page).content.decode()
    taken = _post(client, "take_out", space, period_0=start, period_1="", reason="again")
    assert list(_errors(taken)) == ["__all__"]
    assert _post(client, "take_back", space, day=today()).status_code == 302
    assert Booking.objects.get().period == Period(start, today())
    nothing = _post(client, "take_back", space, day=today())
    assert _errors(nothing) == {
        "__all__": [f"{space.code} is not out of service on {today():%d/%m/%Y}."]
    }
    assert _post(client, "take_back", space, day=start).status_code == 302
    assert Booking.objects.count() == 0


def test_a_let_space_is_not_retired_nor_a_retired_one_measured() -> None:
    space = scene.office(scene.site("CAS"))
    client = doors.staff_client(Role.SITE_MANAGER, space.site)
    booking = book(space=space, period=Period(today()), kind=BookingKind.LETTING, acting_user=None)
    refused = _post(client, "retire", space, day=today())
    assert list(_errors(refused)) == ["__all__"]
    booking.delete()
    assert _post(client, "retire", space, day=today()).status_code == 302
    until_today = Period(dt.date(2015, 1, 1), today() + ONE_DAY)
    assert LettablePeriod.objects.get().period == until_today
    measured = _post(client, "measure_again", space, area_m2="21", since="2026-07-01")
    retired = f"The space was retired: its last measurement ends on {today():%d/%m/%Y}."
    assert _errors(measured) == {"__all__": [retired]}
    assert Measure.objects.get().period == until_today


def test_a_retired_space_and_one_that_never_was_lettable_are_put_in_service() -> None:
    here = scene.site("CAS")
    retired, new = scene.office(here, code="B12"), scene.office(here, code="B13")
    LettablePeriod.objects.filter(space=new).delete()
    Measure.objects.filter(space=new).delete()
    area = Measure.objects.get(space=retired).area_m2
    began = LettablePeriod.objects.get(space=retired).period.start
    client = doors.staff_client(Role.SITE_MANAGER, here)
    again = f"{retired.code} is in service from {began:%d/%m/%Y} on."
    refused = _post(client, "put_in", retired, since=today())
    assert _errors(refused) == {"__all__": [again]}
    assert _post(client, "retire", retired, day=today()).status_code == 302
    refused = _post(client, "put_in", retired, since=today())  # the last day in service is today
    assert _errors(refused) == {"__all__": [again]}
    opens = today() + 30 * ONE_DAY
    assert _post(client, "put_in", retired, since=opens).status_code == 302
    assert _post(client, "put_in", new, since=opens, area_m2="21,5").status_code == 302
    assert list(
        Measure.objects.filter(space__in=[retired, new])
        .order_by("space__code", "period")
        .values_list("space__code", "area_m2", "period")
    ) == [
        ("B12", area, Period(began, today() + ONE_DAY)),
        ("B12", area, Period(opens)),
        ("B13", Decimal("21.5"), Period(opens)),
    ]
    for space in (retired, new):
        assert LettablePeriod.objects.filter(space=space, period=Period(opens)).exists()


def test_the_list_tells_free_from_taken() -> None:
    here = scene.site("CAS")
    let, free = scene.office(here, code="LET"), scene.office(here, code="FREE")
    book(space=let, period=Period(today()), kind=BookingKind.LETTING, acting_user=None)
    client = doors.staff_client(Role.SITE_MANAGER, here)
    for state, expected in (("free", [free]), ("letting", [let]), ("hold", [])):
        answer = client.get(reverse("admin:sites_space_changelist"), {"today": state})
        assert list(answer.context["cl"].result_list) == expected


def test_what_a_space_was_and_is_stands_there_without_forms() -> None:
    here = scene.site("CAS")
    space = scene.office(here, area_m2="18.50")
    client = doors.staff_client(Role.SITE_MANAGER, here)
    address = reverse("admin:sites_space_change", args=(space.pk,))
    page = client.get(f"{address}?lang=en")
    measures, _periods, bookings = (each.formset for each in page.context["inline_admin_formsets"])
    assert [title for title, _help in measures.heads] == ["In force", "Area, m²"]
    assert [[said for *_head, said in line] for line in measures.lines()] == [
        ["01/01/2015 – …", "18.50"]
    ]
    assert list(bookings.lines()) == []
    assert b"TOTAL_FORMS" not in page.content
    saved = client.post(address, {"code": "NEW", "kind": "office", "note": "Facing the sea."})
    assert saved.status_code == 302
    assert Space.objects.values_list("code", "note").get() == ("NEW", "Facing the sea.")
