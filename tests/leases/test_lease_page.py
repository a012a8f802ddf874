"""The staff's page of a lease: how it stands on any day, by what was known, what comes next."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from core.periods import ONE_DAY, Period, add_months, today
from leases.changes import resize
from leases.choices import AmendmentKind, NoticeBy
from leases.models import Lease
from leases.next_act import Next, Standing, next_act
from leases.selectors.lease_page import LeasePage
from leases.selectors.stays import stay
from leases.selectors.terms import terms_of
from leases.services.amendments import draft_amendment, sign_amendment
from leases.services.exits import end_lease
from leases.services.notices import give_notice
from leases.snapshot import Change, area_on, next_change, rent_on
from leases.terms import DiscountTerms, LeaseTerms, LettingTerms
from sites.models import Site
from sites.rates import Step
from tests.factories import doors, scene, tenancies

START = dt.date(2026, 1, 1)


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def manager(site: Site) -> Client:
    return doors.staff_client(Role.SITE_MANAGER, site)


@pytest.fixture
def lease(site: Site) -> Lease:
    """Three years from 1 January 2026, 20 m² at 100 DH."""
    return tenancies.active(site, scene.office(site, code="A1"), start=START)


def shown(client: Client, lease: Lease, query: str = "") -> tuple[LeasePage, Any]:
    answer = client.get(f"/staff/leases/lease/{lease.pk}/change/?lang=en&{query}")
    assert answer.status_code == 200
    page: LeasePage = answer.context["page"]
    return page, answer


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def amended(lease: Lease, since: dt.date, area: int, *, sign: bool = True) -> None:
    terms = terms_of(lease)
    draft = draft_amendment(
        lease=lease,
        kind=AmendmentKind.SPACE,
        effective_on=since,
        after=resize(terms, len(terms.lettings) - 1, since, Decimal(area)),
        reason=f"{area} m²",
        acting_user=None,
    )
    if sign:
        sign_amendment(amendment=draft, signed_on=today(), acting_user=None)


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (Standing("draft", START), Next.SIGN),
        (Standing("signed", START, deposit_missing=True), Next.ENTER_DEPOSIT),
        (Standing("signed", START), Next.WRITE_REPORT_IN),
        (Standing("signed", START, entry_written=True), Next.HAND_OVER),
        (Standing("signed", dt.date(2027, 1, 1)), Next.AWAIT_START),
        (Standing("active", START), Next.NOTHING),
        (Standing("active", START, drafts=True), Next.LOOK_AT_DRAFT),
        (Standing("active", START, end=dt.date(2026, 6, 1)), Next.RENEW),
        (Standing("active", START, end=dt.date(2026, 6, 2)), Next.NOTHING),
        (Standing("active", START, noticed=dt.date(2026, 6, 2)), Next.AWAIT_LEAVING),
        (
            Standing("active", START, end=dt.date(2026, 5, 1), noticed=dt.date(2026, 6, 1)),
            Next.WRITE_REPORT_OUT,
        ),
        (Standing("active", START, noticed=dt.date(2026, 6, 1), exit_written=True), Next.END),
        (Standing("active", START, deposit_missing=True), Next.ENTER_DEPOSIT),
        (
            Standing("active", START, deposit_missing=True, noticed=dt.date(2026, 6, 2)),
            Next.AWAIT_LEAVING,
        ),
        (Standing("ended", START, deposit_held=True), Next.SETTLE_DEPOSIT),
        (Standing("ended", START, deposit_held=True, settled=True), Next.RETURN_DEPOSIT),
        (Standing("ended", START), Next.NOTHING),
        (Standing("cancelled", START, deposit_held=True), Next.SETTLE_DEPOSIT),
        (Standing("cancelled", START), Next.NOTHING),
    ],
)
def test_one_thing_comes_next(standing: Standing, expected: Next) -> None:
    assert next_act(standing, today=dt.date(2026, 6, 1)) == expected


def test_the_rent_of_a_day_follows_steps_discounts_and_holding_over() -> None:
    year, july, october = (
        Period(START, dt.date(2027, 1, 1)),
        dt.date(2026, 7, 1),
        dt.date(2026, 10, 1),
    )
    letting = LettingTerms(
        space_id=1,
        space="A1",
        area_m2=Decimal("20.50"),
        period=year,
        unit="per_m2",
        steps=(Step(Period(START, july), Decimal(50)), Step(Period(july, year.end), Decimal(100))),
        discounts=(DiscountTerms(Period(july, october), "percent", Decimal(10), "Ouverture"),),
    )  # fmt: skip
    terms = LeaseTerms(1, "startup", year, Decimal(0), (letting,))
    assert rent_on(terms, START) == Decimal("1025.00")
    assert rent_on(terms, july) == Decimal("1845.00")
    assert next_change(terms, START) == Change(july, Decimal("1845.00"))
    assert next_change(terms, july) == Change(october, Decimal("2050.00"))
    assert next_change(terms, october) is None
    after = dt.date(2027, 3, 1)
    assert rent_on(terms, after) == area_on(terms, after) == 0
    assert rent_on(terms, after, over=True) == Decimal("2050.00")


def test_the_months_of_a_stay_are_counted_and_warned_of() -> None:
    since = dt.date(2024, 1, 31)
    told = [
        (dt.date(2024, 1, 31), 0, None),
        (dt.date(2024, 2, 28), 0, None),
        (dt.date(2024, 2, 29), 1, None),
        (dt.date(2028, 1, 30), 47, None),
        (dt.date(2028, 1, 31), 48, 12),
        (dt.date(2028, 7, 31), 54, 6),
        (dt.date(2028, 10, 31), 57, 3),
        (dt.date(2029, 1, 30), 59, 3),
        (dt.date(2029, 1, 31), 60, 0),
        (dt.date(2030, 1, 31), 72, 0),
    ]
    found = [stay(since, 60, day) for day, _used, _left in told]
    assert [(each.used, each.left) for each in found] == [(used, left) for _day, used, left in told]
    assert {each.last_day for each in found} == {dt.date(2029, 1, 30)}


@pytest.mark.django_db
def test_a_lease_amended_five_times_is_shown_as_each_version_had_it(
    site: Site, manager: Client
) -> None:
    """One m² more on each 10th of the month, from the first of the next one on."""
    with time_machine.travel(dt.datetime(2026, 1, 10, 9, tzinfo=dt.UTC)):
        lease = tenancies.active(site, scene.office(site, code="A1"), start=START)
    for month in range(2, 7):
        with time_machine.travel(dt.datetime(2026, month, 10, 9, tzinfo=dt.UTC)):
            amended(lease, dt.date(2026, month + 1, 1), 19 + month)
    for version in range(1, 7):
        by_number, answer = shown(manager, lease, f"version={version}")
        by_day, _answer = shown(manager, lease, f"known_on=2026-{version:02}-10")
        assert by_number.terms is not None
        assert by_number.terms == by_day.terms
        assert by_number.area == 19 + version
        assert by_number.rent == 100 * (19 + version)
        for page in (by_number, by_day):
            assert [each.version for each in page.versions] == list(range(version, 0, -1))
            assert [each.number for each in page.agreed] == list(range(version - 1, 0, -1))
        told = text_of(answer)
        assert "You are looking at the past." in told
        assert f"Version {version}, known since 10/{version:02}/2026" in told
        assert answer.context["menu"] == answer.context["leading"] == []
        earlier, _answer = shown(manager, lease, f"version={version}&on=2026-03-15")
        assert earlier.area == (20 if version == 1 else 21)
    nothing, answer = shown(manager, lease, "known_on=2026-01-09")
    assert nothing.terms is None
    assert "Nothing of this lease was signed by then." in text_of(answer)


@pytest.mark.django_db
def test_the_past_is_told_as_it_was_and_by_what_was_known(
    site: Site, manager: Client, lease: Lease
) -> None:
    last = today() - 10 * ONE_DAY
    give_notice(
        lease=lease,
        given_by=NoticeBy.TENANT,
        given_on=dt.date(2026, 5, 4),
        last_day=last,
        reason="Accord",
        acting_user=None,
    )
    end_lease(lease=lease, last_day=last, reason="Parti", acting_user=None)
    stood = {}
    for query in ("", "on=2026-04-01", "on=2026-06-01", f"on={last}", "on=2025-12-31"):
        page, answer = shown(manager, lease, query)
        noticed = page.notice is not None and "in notice" in text_of(answer)
        stood[query] = (str(page.stood.state), noticed, page.rent)
    assert stood == {
        "": ("ended", False, Decimal(2000)),
        "on=2026-04-01": ("active", False, Decimal(2000)),
        "on=2026-06-01": ("active", True, Decimal(2000)),
        f"on={last}": ("active", True, Decimal(2000)),
        "on=2025-12-31": ("draft", False, Decimal(2000)),
    }
    tomorrow = today() + ONE_DAY
    assert shown(manager, lease, f"on={tomorrow}")[0].stood.state == "ended"


@pytest.mark.django_db
def test_who_holds_over_has_two_ways_out(site: Site, manager: Client) -> None:
    room = scene.office(site, code="A1")
    lease = tenancies.active(site, room, start=add_months(today(), -12), months=11)
    page, answer = shown(manager, lease)
    assert (page.stood.holding_over, page.rent) == (True, Decimal(2000))
    base = f"/staff/leases/lease/{lease.pk}"
    assert [(str(one.title), one.address) for one in answer.context["leading"]] == [
        ("Renew from the old end", f"{base}/amend/?what=renew"),
        ("End", f"{base}/end/"),
    ]
    before, _answer = shown(manager, lease, f"on={add_months(today(), -2)}")
    assert (before.stood.holding_over, before.stood.state) == (False, "active")


@pytest.mark.django_db
def test_any_month_has_its_statement_and_each_line_says_how(
    site: Site, manager: Client, lease: Lease
) -> None:
    amended(lease, dt.date(2026, 7, 16), 25)
    page, answer = shown(manager, lease, "month=2026-07")
    assert page.statement.net == Decimal("2258.06")  # 2000 x 15/31 + 2500 x 16/31
    text = text_of(answer)
    assert "July 2026" in text
    assert "20.00 m² × 100 MAD × 15/31 = 967.74 MAD" in text
    assert "month=2026-06" in text
    assert "month=2026-08" in text
    assert shown(manager, lease, "month=07/2026")[0].month == page.month
    assert "« 2026/7 » is not a month" in shown(manager, lease, "month=2026/7")[1].content.decode()
    for odd in ("month=2026-13", "month=x", "month=0001-01", "on=x", "on=9999-12-31", "version=9"):
        page, answer = shown(manager, lease, odd)
        assert page.as_of.on == today()


@pytest.mark.django_db
def test_who_may_not_see_deposits_sees_the_lease_without(site: Site, lease: Lease) -> None:
    officer = doors.staff_client(Role.ADMISSIONS_OFFICER, site)
    page, answer = shown(officer, lease)
    assert (page.account, page.entries, page.rent) == (None, [], Decimal(2000))
    assert 'id="deposit"' not in answer.content.decode()
    assert answer.context["menu"] == []
    elsewhere = doors.staff_client(Role.SITE_MANAGER, scene.site("RAB"))
    assert elsewhere.get(f"/staff/leases/lease/{lease.pk}/change/").status_code == 302
    assert elsewhere.post(f"/staff/leases/lease/{lease.pk}/change/").status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rooms", "role"), [(1, Role.DIRECTOR), (12, Role.DIRECTOR), (12, Role.SITE_MANAGER)]
)
def test_the_page_asks_the_same_for_one_room_and_for_twelve_and_of_whoever_looks(
    site: Site, rooms: int, role: Role, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    spaces = [scene.office(site) for _number in range(rooms)]
    lease = tenancies.active(site, *spaces, start=START)
    for number in range(rooms):
        amended(lease, today(), 30 + number)
    amended(lease, today(), 60, sign=False)
    client = doors.staff_client(role, site if role == Role.SITE_MANAGER else None)
    page = f"/staff/leases/lease/{lease.pk}/change/"
    client.get(page)
    with django_assert_num_queries(16):  # two of them who asks
        client.get(page)
