"""The week's agenda and the warnings of a start-up's longest stay, by e-mail."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings

from accounts.choices import Role
from accounts.models import User
from core.models import Message
from leases.choices import NoticeBy
from leases.models import Lease
from leases.services.exits import end_lease
from leases.services.maximum_stay import warn_of_maximum_stays
from leases.services.notices import give_notice
from leases.services.weekly import send_agendas
from sites.choices import TenantKind
from sites.models import Membership, RatePlan, Site
from tests.factories import scene, tenancies

CASABLANCA = ZoneInfo("Africa/Casablanca")
MONDAY = dt.date(2026, 11, 23)


def at(day: dt.date, hour: int = 8) -> time_machine.travel:
    moment = dt.datetime.combine(day, dt.time(hour, 5), CASABLANCA)
    return time_machine.travel(moment, tick=False)


@pytest.fixture
def site(db: None) -> Site:
    with at(MONDAY):
        made = scene.site("CAS")
    RatePlan.objects.filter(tenant_kind=TenantKind.STARTUP).update(maximum_stay_months=60)
    return made


def reader(role: Role, where: Site | None, language: str = "en") -> User:
    user = scene.staff(role, where)
    user.language = language
    user.save()
    return user


def let(site: Site, code: str, start: str, months: int | None, kind: str = "sme") -> Lease:
    space = scene.office(site, code=code)
    first = dt.date.fromisoformat(start)
    return tenancies.active(site, space, start=first, months=months, kind=kind)


def mails() -> list[tuple[str, str]]:
    return list(Message.objects.order_by("id").values_list("to", "matter"))


def test_the_week_of_ones_own_sites_in_ones_language(site: Site) -> None:
    rabat = scene.site("RAB")
    manager, elsewhere = reader(Role.SITE_MANAGER, site), reader(Role.SITE_MANAGER, rabat)
    director, french = reader(Role.DIRECTOR, None), reader(Role.DIRECTOR, site, "fr")
    reader(Role.FINANCE_OFFICER, site)
    reader(Role.SITE_MANAGER, scene.site("AGA"))  # where nothing comes
    gone = reader(Role.DIRECTOR, None)
    gone.is_active = False
    gone.save()
    # A second role shows the manager more; it is not their week.
    Membership.objects.create(user=manager, role=Role.AUDITOR, site=None)
    with at(MONDAY):
        over = let(site, "OVER", "2023-11-01", 36)
        ends = let(site, "ENDS", "2025-02-01", 24)
        there = let(rabat, "R1", "2025-03-01", 24)
        assert send_agendas() == 4
    letters = {mail.to: mail for mail in Message.objects.all()}
    assert letters[manager.email].subject == "Leases: what comes in the next 3 months"
    assert letters[manager.email].body == (
        "Now\n"
        "· 23/11/2026 · holding over (past 31/10/2026: renew it from there, or end it)"
        f" · CAS OVER · {over.company.name} · {over.number}\n"
        "\n"
        "January 2027\n"
        f"· 31/01/2027 · term ends · CAS ENDS · {ends.company.name} · {ends.number}\n"
        "\n"
        f"{settings.SITE_URL}/staff/leases/agenda/?months=3\n"
    )
    numbers = {lease.number for lease in (over, ends, there)}
    told = {to: {n for n in numbers if n in mail.body} for to, mail in letters.items()}
    assert told == {
        manager.email: {over.number, ends.number},
        french.email: {over.number, ends.number},
        elsewhere.email: {there.number},
        director.email: numbers,
    }
    assert letters[french.email].language == "fr"
    assert "Janvier 2027\n" in letters[french.email].body


def test_once_a_week_from_monday_at_seven_also_after_days_of_downtime(site: Site) -> None:
    user = reader(Role.SITE_MANAGER, site)
    with at(MONDAY):
        let(site, "ENDS", "2025-02-01", 24)
    with at(MONDAY, hour=6):
        assert send_agendas() == 0
    with at(MONDAY, hour=7):
        assert (send_agendas(), send_agendas()) == (1, 0)
    with at(MONDAY + dt.timedelta(days=6), hour=18):  # Sunday
        assert send_agendas() == 0
    with at(MONDAY + dt.timedelta(days=16)):  # a Wednesday, after two Mondays without the job
        assert (send_agendas(), send_agendas()) == (1, 0)
    with at(MONDAY + dt.timedelta(days=21)):
        assert send_agendas() == 1
    weeks = ("2026-11-23", "2026-12-07", "2026-12-14")
    assert mails() == [(user.email, f"agenda:{user.pk}:{week}") for week in weeks]


def test_a_long_stay_is_warned_of_three_times_and_after_downtime_by_the_newest(site: Site) -> None:
    """60 months from 10 March 2022: to 9 March 2027."""
    manager = reader(Role.SITE_MANAGER, site)
    reader(Role.SITE_MANAGER, scene.site("RAB"))
    with at(dt.date(2022, 3, 10)):
        lease = let(site, "B1", "2022-03-10", 72, TenantKind.STARTUP)
        let(site, "B2", "2022-03-10", 72)  # no start-up
    matter = f"stay:{lease.company_id}:{site.pk}:2027-03-10"
    with at(dt.date(2026, 3, 9)):
        assert warn_of_maximum_stays() == 0
    with at(dt.date(2026, 3, 10)):
        assert (warn_of_maximum_stays(), warn_of_maximum_stays()) == (1, 0)
    # Nobody was there in September, when the second was due.
    with at(dt.date(2026, 12, 20)):
        assert (warn_of_maximum_stays(), warn_of_maximum_stays()) == (1, 0)
    with at(dt.date(2027, 6, 1)):
        assert warn_of_maximum_stays() == 0
    assert mails() == [(manager.email, f"{matter}:12"), (manager.email, f"{matter}:3")]
    letter = Message.objects.order_by("id").last()
    assert letter is not None
    assert (letter.site_code, letter.subject) == (
        "CAS",
        f"{lease.company.name}: the maximum stay of a start-up is reached on 09/03/2027",
    )
    assert letter.body.rstrip().endswith(f"/staff/leases/lease/{lease.pk}/change/")


def test_a_second_lease_warns_no_second_time_and_who_leaves_in_time_not_at_all(site: Site) -> None:
    reader(Role.SITE_MANAGER, site)
    with at(dt.date(2022, 3, 10)):
        first = let(site, "B1", "2022-03-10", 48, TenantKind.STARTUP)
        leaving = let(site, "B2", "2022-03-10", None, TenantKind.STARTUP)
    with at(dt.date(2026, 3, 12)):
        tenancies.active(
            site,
            scene.office(site, code="B3"),
            start=dt.date(2026, 3, 10),
            kind=TenantKind.STARTUP,
            company=first.company,
        )
        end_lease(lease=first, last_day=dt.date(2026, 3, 11), reason="moved", acting_user=None)
        give_notice(
            lease=leaving,
            given_by=NoticeBy.TENANT,
            given_on=dt.date(2026, 3, 1),
            acting_user=None,
        )
        assert warn_of_maximum_stays() == 1
    assert [matter for _to, matter in mails()] == [
        f"stay:{first.company_id}:{site.pk}:2027-03-10:12"
    ]
    # Once the time is over the agenda tells of it. Who said they would leave is still there.
    Message.objects.all().delete()
    for day, warned in ((dt.date(2027, 3, 9), 2), (dt.date(2027, 3, 10), 0)):
        with at(day):
            assert warn_of_maximum_stays() == warned
        Message.objects.all().delete()
