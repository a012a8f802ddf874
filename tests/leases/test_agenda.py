"""The agenda: what starts, ends, steps up, needs notice, has lasted its time or holds over."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from core.periods import ONE_DAY, Period, add_months
from leases import changes
from leases.choices import AmendmentKind, DiscountUnit, NoticeBy
from leases.models import Lease
from leases.notice import last_day_of_notice, last_day_to_give
from leases.selectors.agenda import agenda
from leases.selectors.terms import terms_of
from leases.services.amendments import draft_amendment, sign_amendment
from leases.services.exits import end_lease
from leases.services.notices import give_notice
from leases.terms import DiscountTerms
from sites.choices import TenantKind
from sites.models import RatePlan, Site
from sites.rates import Step
from tests.factories import scene, tenancies

TODAY = dt.date(2026, 11, 25)


@pytest.fixture(autouse=True)
def _in_autumn() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def site(db: None) -> Site:
    made = scene.site("CAS")
    RatePlan.objects.filter(tenant_kind=TenantKind.STARTUP).update(maximum_stay_months=60)
    return made


def let(site: Site, code: str, start: str, months: int | None, **given: Any) -> Lease:
    """Of the space of that code; the keys are out where the term has begun."""
    first = dt.date.fromisoformat(start)
    made = tenancies.active if first <= TODAY else tenancies.signed
    return made(site, scene.office(site, code=code), start=first, months=months, **given)


def noticed(lease: Lease, last_day: str) -> None:
    give_notice(
        lease=lease,
        given_by=NoticeBy.TENANT,
        given_on=min(TODAY, dt.date.fromisoformat(last_day)),
        last_day=dt.date.fromisoformat(last_day),
        reason="agreed",
        acting_user=None,
    )


def told(user: Any, months: int = 12, **narrowed: Any) -> list[str]:
    """« day kind spaces facts », one line an entry; « ! » where it is late. Without deposits, which
    come of no date (test_settlement_pages)."""
    lines = []
    for item in agenda(user, months=months, **narrowed):
        entry = item.entry
        if entry.amount is not None:
            continue
        facts: list[Any] = [*(entry.rates or ()), entry.unit, entry.months, entry.about]
        more = " ".join(f"{fact:f}" if hasattr(fact, "as_tuple") else str(fact) for fact in facts
                        if fact not in (None, ""))  # fmt: skip
        spaces = "+".join(entry.spaces) or "-"
        late = "! " if item.late else ""
        lines.append(f"{late}{entry.day} {entry.kind} {spaces} {more}".rstrip())
    return lines


@given(st.dates(dt.date(2020, 1, 1), dt.date(2032, 12, 31)), st.integers(min_value=0, max_value=24))
def test_notice_given_on_the_last_day_for_it_is_in_time_and_a_day_later_is_not(
    last_day: dt.date, months: int
) -> None:
    day = last_day_to_give(last_day, months)
    assert last_day_of_notice(day, months) <= last_day
    assert last_day_of_notice(day + ONE_DAY, months) > last_day


def test_each_thing_stands_on_its_day(site: Site) -> None:
    director = scene.staff(Role.DIRECTOR)
    let(site, "SOON", "2026-12-15", 36)
    let(site, "ENDS", "2025-05-01", 24)  # to 2027-04-30, three months' notice
    let(site, "TACIT", "2024-09-01", 36, tacit_months=12)  # to 2027-08-31
    noticed(let(site, "GOES", "2026-01-01", 24), "2027-02-28")
    noticed(let(site, "STAYS", "2026-01-01", None), "2026-10-31")
    let(site, "OVER", "2023-11-01", 36)  # to 2026-10-31, and still there
    let(site, "STEPS", "2025-09-10", None, kind=TenantKind.STARTUP)  # 50 for 18 months, then 100
    let(site, "LATER", "2028-01-01", 12)
    gone = let(site, "LEFT", "2025-01-01", 24)
    end_lease(lease=gone, last_day=dt.date(2026, 6, 30), reason="moved", acting_user=None)
    tenancies.drafted(site, scene.office(site, code="DRAFT"), start=dt.date(2026, 12, 1))
    assert told(director) == [
        "! 2026-11-25 holding_over OVER 2026-10-31",
        "! 2026-10-31 leaves STAYS",
        "2026-12-15 starts SOON",
        "2027-01-31 notice_due ENDS 2027-04-30",
        "2027-02-28 leaves GOES",
        "2027-03-10 steps STEPS 50.0000 100.0000 per_m2",
        "2027-04-30 term_ends ENDS",
        "2027-05-31 notice_due TACIT 12 2027-08-31",
        "2027-08-31 term_ends TACIT 12",
    ]
    assert told(director, 3) == told(director)[:4]
    assert told(director, 6, kinds={"leaves", "starts"}) == [
        "! 2026-10-31 leaves STAYS",
        "2026-12-15 starts SOON",
        "2027-02-28 leaves GOES",
    ]


def test_the_maximum_stay_counts_from_the_first_day_in_the_network(site: Site) -> None:
    """Not from the lease's: a second one, or one at another site, gives no more time."""
    director = scene.staff(Role.DIRECTOR)
    company = scene.company()
    startup: dict[str, Any] = {"kind": TenantKind.STARTUP, "company": company}
    first = let(scene.site("RAB"), "R1", "2022-02-28", 24, **startup)
    end_lease(lease=first, last_day=dt.date(2024, 2, 27), reason="moved", acting_user=None)
    let(site, "B1", "2024-02-28", None, **startup)
    assert told(director, kinds={"maximum_stay"}) == [
        "2026-11-28 maximum_stay B1 3 2027-02-27",
        "2027-02-27 maximum_stay B1 0 2027-02-27",
    ]
    with time_machine.travel(dt.datetime(2027, 5, 1, 9, tzinfo=dt.UTC), tick=False):
        assert told(director) == ["! 2027-02-27 maximum_stay B1 0 2027-02-27"]
    # Who leaves before, or is no start-up any more, reaches nothing.
    noticed(Lease.objects.get(site=site), "2026-12-31")
    let(site, "B2", "2022-02-28", None, kind=TenantKind.SME, company=company)
    assert told(director, kinds={"maximum_stay"}) == []


def test_what_an_amendment_brings_and_what_only_goes_on(site: Site) -> None:
    """More m² or another kind of tenant is another letting of the space, and no move."""
    director = scene.staff(Role.DIRECTOR)
    lease = let(site, "A1", "2026-01-01", None)
    terms = terms_of(lease)
    spare = scene.office(site, code="A2")
    letting = terms.lettings[0]
    january = dt.date(2027, 1, 1)
    quarter = Period(january, add_months(january, 3))
    another = replace(
        letting,
        id=None,
        charge_id=None,
        space_id=spare.pk,
        space="A2",
        period=quarter,
        steps=(Step(quarter, letting.steps[0].rate),),
    )
    beside = changes.let(terms, another)
    after = changes.resize(beside, 0, dt.date(2027, 2, 1), Decimal(25))
    draft = draft_amendment(
        lease=lease,
        kind=AmendmentKind.SPACE,
        effective_on=january,
        after=after,
        reason="grows",
        acting_user=None,
    )
    sign_amendment(amendment=draft, signed_on=TODAY, acting_user=None)
    assert told(director) == ["2027-01-01 starts A2", "2027-03-31 ends A2"]


def test_keys_that_are_waited_for_and_discounts_that_begin_and_end(site: Site) -> None:
    director = scene.staff(Role.DIRECTOR)
    tenancies.signed(
        site, scene.office(site, code="KEYS"), start=dt.date(2026, 11, 20), months=None
    )
    lease = let(site, "LESS", "2026-01-01", None)
    terms = terms_of(lease)
    letting = terms.lettings[0]
    given = Period(dt.date(2027, 1, 1), dt.date(2027, 4, 1))
    less = DiscountTerms(period=given, unit=DiscountUnit.PERCENT, value=Decimal(20), reason="Geste")
    draft = draft_amendment(
        lease=lease,
        kind=AmendmentKind.CHARGES,
        effective_on=given.start,
        after=replace(terms, lettings=(replace(letting, discounts=(less,)),)),
        reason="Geste",
        acting_user=None,
    )
    sign_amendment(amendment=draft, signed_on=TODAY, acting_user=None)
    assert told(director) == [
        "! 2026-11-20 no_keys KEYS",
        "2027-01-01 discount_on LESS",
        "2027-03-31 discount_off LESS",
    ]
    assert told(director, 3, kinds={"discount_on"}) == ["2027-01-01 discount_on LESS"]


def test_only_what_one_may_see_at_a_price_that_does_not_grow(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rabat = scene.site("RAB")
    for number in range(4):
        lease = let(site, f"C{number}", "2025-05-01", 24, kind=TenantKind.STARTUP)
    noticed(lease, "2027-02-28")
    let(rabat, "R1", "2025-05-01", 24)
    manager = scene.staff(Role.SITE_MANAGER, rabat)
    director = scene.staff(Role.DIRECTOR)
    assert {item.lease.site_id for item in agenda(manager, months=6)} == {rabat.pk}
    here = agenda(director, months=12, site_ids=[site.pk])
    assert {item.lease.site_id for item in here} == {site.pk}
    assert agenda(scene.staff(Role.ADMINISTRATOR), months=12) == []
    for user in (manager, director):
        agenda(user, months=6)  # who they are is asked once
        with django_assert_num_queries(6):
            found = agenda(user, months=6)
            assert [(item.lease.company.name, item.lease.site.code) for item in found]
