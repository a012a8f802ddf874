"""The graduates' follow-up opens when a company leaves the network, and closes when it is back."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from accounts.choices import Role
from core.periods import ONE_DAY, today
from leases.models import Lease
from leases.services.assignment import assign_lease
from leases.services.departures import note_who_left
from leases.services.drafts import cancel_lease
from leases.services.exits import end_lease
from leases.services.importing import LeaseImporter
from leases.services.reversals import take_back_end, take_back_handover
from leases.services.signing import sign_lease
from sites.choices import TenantKind
from sites.models import Site
from tenants.choices import Closing
from tenants.models import Company, FollowUp, Milestone
from tenants.services import merge_companies
from tenants.services.declarations import Said, declare
from tests.factories import scene, tenancies
from tests.factories.files import imported

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
START = dt.date(2025, 1, 1)
LEFT = dt.date(2026, 8, 30)


@pytest.fixture(autouse=True)
def _one_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


@pytest.fixture
def lease(site: Site) -> Lease:
    return tenancies.active(site, scene.office(site, code="A1"), start=START)


def end(lease: Lease, last_day: dt.date = LEFT) -> Lease:
    return end_lease(lease=lease, last_day=last_day, reason="x", acting_user=None)


def follow_ups(company: Company | None = None) -> list[tuple[dt.date, str, str]]:
    rows = FollowUp.objects.filter(company=company) if company else FollowUp.objects.all()
    return list(rows.order_by("id").values_list("left_on", "site__code", "closing"))


def test_the_exit_opens_it_with_its_three_tasks_on_clipped_days(lease: Lease) -> None:
    end(lease)
    assert follow_ups() == [(LEFT, "CAS", "")]
    assert list(Milestone.objects.values_list("months", "due_on", "done_at")) == [
        (18, dt.date(2028, 2, 29), None),  # the first day away is 31 August
        (24, dt.date(2028, 8, 31), None),
        (60, dt.date(2031, 8, 31), None),
    ]


def test_a_move_is_no_exit_and_the_last_site_follows_up(lease: Lease) -> None:
    rabat = scene.site("RAB")
    later = tenancies.active(
        rabat, scene.office(rabat), start=LEFT + ONE_DAY, company=lease.company
    )
    end(lease)
    assert follow_ups() == []
    end(later, today())
    assert follow_ups() == [(today(), "RAB", "")]


def test_whoever_only_had_an_address_here_is_no_graduate(site: Site, lease: Lease) -> None:
    domiciled = tenancies.active(site, start=START, kind=TenantKind.DOMICILIATION)
    end(domiciled)
    assert follow_ups() == []
    # … and an address kept is no stay.
    tenancies.active(site, start=LEFT, kind=TenantKind.DOMICILIATION, company=lease.company)
    end(lease)
    assert follow_ups() == [(LEFT, "CAS", "")]


def test_an_exit_taken_back_and_noted_again_on_another_day(lease: Lease) -> None:
    end(lease)
    take_back_end(lease=lease, reason="x", acting_user=None)
    assert follow_ups() == [(LEFT, "CAS", Closing.STILL_THERE)]
    end(lease)
    assert follow_ups() == [(LEFT, "CAS", "")], "the same exit goes on"
    take_back_end(lease=lease, reason="x", acting_user=None)
    end(lease, LEFT + ONE_DAY)
    assert follow_ups() == [(LEFT, "CAS", Closing.STILL_THERE), (LEFT + ONE_DAY, "CAS", "")]
    assert Milestone.objects.count() == 6


def test_a_new_lease_closes_it_and_its_cancelling_goes_on_with_it(site: Site, lease: Lease) -> None:
    end(lease)
    back = tenancies.drafted(site, scene.office(site, code="A2"), company=lease.company)
    assert follow_ups() == [(LEFT, "CAS", "")], "a draft is nothing yet"
    back = sign_lease(lease=back, signed_on=today(), acting_user=None)
    assert follow_ups() == [(LEFT, "CAS", Closing.CAME_BACK)]
    cancel_lease(lease=back, reason="x", acting_user=None)
    assert follow_ups() == [(LEFT, "CAS", "")]


def test_what_was_said_of_a_company_that_came_back_is_put_right_without_asking_it_again(
    site: Site, lease: Lease
) -> None:
    end(lease)
    company = lease.company
    wrong = declare(company=company, said=Said(today(), "closed"), acting_user=None)
    assert follow_ups() == [(LEFT, "CAS", Closing.NOTHING_MORE)]
    duplicate, company = company, scene.company()
    merge_companies(keep=company, duplicate=duplicate, acting_user=None)
    assert follow_ups(company) == [(LEFT, "CAS", Closing.NOTHING_MORE)]
    back = tenancies.signed(site, scene.office(site, code="A2"), company=company)
    assert follow_ups() == [(LEFT, "CAS", Closing.CAME_BACK)]
    trading = Said(today(), "trading")
    declare(company=company, said=trading, replaces=wrong, acting_user=None)
    assert follow_ups() == [(LEFT, "CAS", Closing.CAME_BACK)]
    cancel_lease(lease=back, reason="x", acting_user=None)
    assert follow_ups() == [(LEFT, "CAS", "")]


def test_an_assignment_follows_the_old_company_and_comes_undone(site: Site, lease: Lease) -> None:
    successor = scene.company()
    gone = tenancies.active(site, scene.office(site, code="A2"), start=START, company=successor)
    end(gone)
    since = dt.date(2026, 10, 1)
    following = assign_lease(
        lease=lease, company=successor, since=since, reason="x", acting_user=None
    )
    last_day = since - ONE_DAY
    assert follow_ups(lease.company) == [(last_day, "CAS", "")]
    assert follow_ups(successor) == [(LEFT, "CAS", Closing.CAME_BACK)]
    take_back_handover(lease=following, reason="x", acting_user=None)
    cancel_lease(lease=following, reason="x", acting_user=None)
    take_back_end(lease=lease, reason="x", acting_user=None)
    assert follow_ups(lease.company) == [(last_day, "CAS", Closing.STILL_THERE)]
    assert follow_ups(successor) == [(LEFT, "CAS", "")]


def test_two_records_that_become_one(site: Site, lease: Lease) -> None:
    director = scene.staff(Role.DIRECTOR)
    gone = tenancies.active(site, scene.office(site, code="A2"), start=START)
    end(gone, LEFT - ONE_DAY)
    end(lease)
    merge_companies(keep=gone.company, duplicate=lease.company, acting_user=director)
    assert follow_ups(gone.company) == [(LEFT - ONE_DAY, "CAS", Closing.MERGED), (LEFT, "CAS", "")]
    there = tenancies.active(site, scene.office(site, code="A3"), start=START)
    merge_companies(keep=there.company, duplicate=gone.company, acting_user=director)
    assert [closing for _day, _site, closing in follow_ups(there.company)] == [
        Closing.MERGED,
        Closing.CAME_BACK,
    ]


def test_a_rent_roll_of_the_past_opens_them_in_as_many_queries_for_one_as_for_fifty(
    site: Site, django_assert_num_queries: Any
) -> None:
    header = "number;company;site;space;kind;start;end;area_m2;rate_per_m2\n"
    rows = [
        f"OLD-{number};Ancienne {number};CAS;B{number};sme;01/01/2015;31/03/2016;20;100"
        for number in range(50)
    ]
    for number in range(50):
        scene.office(site, code=f"B{number}")
    imported(LeaseImporter(create_companies=True), header + "\n".join(rows))
    assert follow_ups() == [(dt.date(2016, 3, 31), "CAS", "")] * 50
    due = set(Milestone.objects.values_list("due_on", flat=True))
    assert due == {dt.date(2017, 10, 1), dt.date(2018, 4, 1), dt.date(2021, 4, 1)}
    companies = list(Company.objects.values_list("pk", flat=True))
    for some in (companies[:1], companies):
        with django_assert_num_queries(9):
            note_who_left(some, acting_user=None)
    FollowUp.objects.all().update(closed_at=NOW, closing=Closing.CAME_BACK)
    for some in (companies[:1], companies[1:]):
        with django_assert_num_queries(11):
            note_who_left(some, acting_user=None)
