"""Public holidays: computed, changed by staff, and what falls due then."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from accounts.choices import Role
from billing.due_dates import due_on
from billing.models import Holiday
from billing.selectors.holidays import year_of
from billing.services.holidays import forget_holiday, set_holiday
from billing.services.sales import SaleLine, issue_sale
from core.errors import NotAllowed
from tests.factories import bills, doors, scene

day = dt.date


@pytest.mark.parametrize(
    ("issued_on", "days", "changes", "due"),
    [
        (day(2026, 5, 4), 10, {}, day(2026, 5, 14)),
        (day(2026, 5, 6), 10, {}, day(2026, 5, 18)),  # a Saturday
        (day(2026, 5, 17), 10, {}, day(2026, 5, 29)),  # the feast of sacrifice, two days
        (day(2026, 5, 17), 10, {day(2026, 5, 27): False}, day(2026, 5, 27)),
        (day(2026, 5, 17), 10, {day(2026, 5, 29): True}, day(2026, 6, 1)),
        (day(2026, 12, 22), 10, {}, day(2027, 1, 4)),  # New Year's Day, then a weekend
        # Nobody works on a Saturday, whatever the moon says.
        (day(2026, 5, 6), 10, {day(2026, 5, 16): False}, day(2026, 5, 18)),
    ],
)
def test_due_days(
    issued_on: dt.date, days: int, changes: dict[dt.date, bool], due: dt.date
) -> None:
    assert due_on(issued_on, days, changes) == due


@pytest.mark.django_db
def test_what_staff_say_goes_before_the_calendar() -> None:
    site = bills.site(starts_on=day(2026, 1, 1))
    network = scene.staff(Role.FINANCE_OFFICER)
    local = scene.staff(Role.FINANCE_OFFICER, site)
    with pytest.raises(NotAllowed):
        set_holiday(day=day(2026, 5, 27), is_holiday=False, acting_user=local)
    row = set_holiday(day=day(2026, 5, 27), is_holiday=False, acting_user=network)
    set_holiday(day=day(2026, 5, 29), is_holiday=True, name="Aïd", acting_user=network)
    around = [each for each in year_of(2026, "en") if each.day.month == 5 and each.day.day > 1]
    assert [(each.day.day, each.name, each.is_holiday, each.computed) for each in around] == [
        (27, "Eid al-Adha (estimated)", False, True),
        (28, "Eid al-Adha (estimated)", True, True),
        (29, "Aïd", True, False),
    ]
    with time_machine.travel(dt.datetime(2026, 5, 17, 12, tzinfo=dt.UTC), tick=False):

        def issued() -> dt.date:
            lines, company = [SaleLine("Salle", Decimal(100))], scene.company()
            sold = issue_sale(site=site, company=company, lines=lines, acting_user=None)
            return sold.due_on

        assert issued() == day(2026, 5, 27)
        forget_holiday(holiday=row, acting_user=network)
        assert issued() == day(2026, 6, 1)


@pytest.mark.django_db
def test_the_page_shows_a_year_and_takes_changes() -> None:
    client = doors.staff_client(Role.FINANCE_OFFICER)
    listed = reverse("admin:billing_holiday_changelist")
    text = client.get(f"{listed}?day__year=2027&lang=en").content.decode()
    assert "Public holidays of 2027" in text
    assert "Throne Day" in text
    client.post(
        reverse("admin:billing_holiday_add"),
        {"day": "2027-03-11", "is_holiday": "on", "name": "Aïd"},
    )
    row = Holiday.objects.get()
    assert (row.day, row.is_holiday, row.name) == (day(2027, 3, 11), True, "Aïd")
    text = client.get(f"{listed}?day__year=2027&lang=en").content.decode()
    assert "our staff" in text
    change = reverse("admin:billing_holiday_change", args=[row.pk])
    client.post(change, {"name": "Aïd"})
    row.refresh_from_db()
    assert not row.is_holiday
    client.post(f"{change[: -len('change/')]}forget/")
    assert not Holiday.objects.exists()
    reader = doors.staff_client(Role.FINANCE_OFFICER, scene.site())
    assert "Throne Day" in reader.get(f"{listed}?lang=en").content.decode()
    assert reader.get(reverse("admin:billing_holiday_add")).status_code == 403
