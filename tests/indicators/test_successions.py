"""A company that succeeds another one goes on with its stay: no exit, no entry, one company."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.choices import Role
from core.periods import ONE_DAY, Period
from indicators.choices import MILESTONES, Subject
from indicators.keeping import News
from indicators.models import Touched
from indicators.selectors.network import Network
from indicators.tables import CLOSED, OPEN, TRADING
from leases.models import Lease
from leases.selectors.agenda import nearing_maximum_stay, with_facts
from leases.selectors.stays import first_startup_day
from leases.services.assignment import assign_lease
from leases.services.drafts import cancel_lease
from leases.services.exits import end_lease
from leases.services.reversals import take_back_end, take_back_handover
from sites.choices import TenantKind
from sites.models import Site
from tenants.choices import DeclaredStatus
from tenants.errors import CannotSucceed
from tenants.models import Company, FollowUp, Succession
from tenants.services import merge_companies
from tenants.services.declarations import Said, declare
from tests.factories import clients, doors, scene, tenancies
from tests.indicators.books import Book
from tests.indicators.oracle import Oracle

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2021, 5, 20, 12, tzinfo=dt.UTC)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def let(site: Site, company: Company, start: str, months: int = 60) -> Lease:
    given: dict[str, Any] = {"start": day(start), "months": months, "company": company}
    return tenancies.active(site, scene.office(site), kind=TenantKind.STARTUP, **given)


def goes_to(lease: Lease, company: Company, since: str, *, succeeds: bool = True) -> Lease:
    return assign_lease(
        lease=lease, company=company, since=day(since), reason="Fusion", succeeds=succeeds,
        acting_user=None,
    )  # fmt: skip


def test_three_companies_one_after_the_other_are_one_for_the_oracle() -> None:
    """At two sites, each lease on its own day; a fourth one takes a lease over without succeeding.
    What is declared of the first after it was succeeded is not of the others."""
    with time_machine.travel(NOW, tick=False):
        casa, rabat = scene.site("CAS"), scene.site("RAB")
        first, second, third, left, other = (scene.company() for _each in range(5))
        at_casa, at_rabat = let(casa, first, "2018-10-01"), let(rabat, first, "2019-01-01")
        declare(
            company=first, said=Said(day("2019-03-01"), DeclaredStatus.TRADING), acting_user=None
        )
        at_casa = goes_to(at_casa, second, "2019-07-01")
        at_rabat = goes_to(at_rabat, second, "2019-08-01")
        declare(
            company=first, said=Said(day("2020-02-01"), DeclaredStatus.CLOSED), acting_user=None
        )
        at_casa = goes_to(at_casa, third, "2020-03-01")
        end_lease(lease=at_rabat, last_day=day("2020-05-31"), reason="Parti", acting_user=None)
        end_lease(lease=at_casa, last_day=day("2020-10-31"), reason="Parti", acting_user=None)
        declare(
            company=third, said=Said(day("2021-01-10"), DeclaredStatus.CLOSED), acting_user=None
        )
        goes_to(let(casa, left, "2018-12-01"), other, "2020-01-01", succeeds=False)
        network = Network()
        one = {first.pk, second.pk, third.pk}
        book = Book(
            stays=[
                (letting, 1 if company in one else company, *rest)
                for letting, company, *rest in _stays(network)
            ],
            sites=[(site.pk, site.opened_on.toordinal(), OPEN) for site in (casa, rabat)
                   if site.opened_on],
            declarations=[
                (1, day("2019-03-01").toordinal(), TRADING),
                (1, day("2021-01-10").toordinal(), CLOSED),
            ],
        )  # fmt: skip
        oracle = Oracle(book)
        days = [day(text) for text in ("2019-06-30", "2019-07-01", "2020-02-29", "2020-03-01",
                                       "2020-10-31", "2021-05-01")]  # fmt: skip
        names = ["hosted", "ever_hosted", "entries", "exits", "turnover", "departure_rate"]
        for name in (*names, *(one.name for one in MILESTONES)):
            for site in (None, casa, rabat):
                told = network.figures(name, days, site.code if site else None)
                expected = [
                    oracle.figure(name, site.pk if site else None, on.toordinal()) for on in days
                ]
                assert [one.value for one in told] == [one.value for one in expected], (name, site)
    assert [int(one.value or 0) for one in network.figures("ever_hosted", days)] == [
        2,
        2,
        3,
        3,
        3,
        3,
    ]
    rows = {row.company for row in network.rows("hosted", day("2018-10-01"))}
    assert rows == {third.name}  # who goes on today
    assert list(Succession.objects.order_by("id").values_list("predecessor", "company", "now")) == [
        (first.pk, second.pk, third.pk), (second.pk, third.pk, third.pk)
    ]  # fmt: skip
    follow_ups = FollowUp.objects.order_by("company").values_list("company", "left_on")
    assert list(follow_ups) == [(third.pk, day("2020-10-31")), (left.pk, day("2019-12-31"))]


def says(company: Company, on: str, status: DeclaredStatus) -> None:
    declare(company=company, said=Said(day(on), status), acting_user=None)


def _stays(network: Network) -> list[tuple[int, ...]]:
    """With the companies of their leases, as the tables have them."""
    stays = network.portfolio.stays
    columns = (stays.letting, stays.company, stays.site, stays.space, stays.start, stays.end,
               stays.hosted)  # fmt: skip
    rows = zip(*(column.tolist() for column in columns), strict=True)
    of = dict(Lease.objects.values_list("lettings", "company"))
    return [(row[0], of[row[0]], *row[2:]) for row in rows]


def test_who_cannot_succeed_is_told_why_and_a_mistake_comes_undone() -> None:
    """The months of the start-up go on; the news are of all days of both."""
    with time_machine.travel(NOW, tick=False):
        casa = scene.site("CAS")
        first, second, third = (scene.company(name) for name in ("Un", "Deux", "Trois"))
        one, two = let(casa, first, "2018-10-01"), let(casa, second, "2019-01-01")
        more = let(casa, first, "2019-02-01")
        with pytest.raises(CannotSucceed, match="hosted before that day itself"):
            goes_to(one, second, "2020-01-01")
        Touched.objects.all().delete()
        following = goes_to(one, third, "2020-01-01")
        assert News(Subject.OCCUPATION, None, Period(day("2018-10-01"))) in {
            touched.news for touched in Touched.objects.all()
        }
        with pytest.raises(CannotSucceed, match="another company already"):
            goes_to(two, third, "2020-02-01")
        with pytest.raises(CannotSucceed, match="has succeeded that one already"):
            goes_to(more, scene.company("Quatre"), "2020-02-01")
        goes_to(more, third, "2020-03-01")
        assert first_startup_day(third) == day("2018-10-01")
        Lease.objects.update(maximum_stay_months=24)
        facts = dict(with_facts(nearing_maximum_stay(NOW.date())))
        assert facts[following].stays_from == day("2018-10-01")
        assert not FollowUp.objects.exists()
        assert Network().figure("hosted", NOW.date()).value == 2
        taken_back(one)
        assert Succession.objects.count() == 1  # the other lease went over as well
        taken_back(more)
        assert not Succession.objects.exists()
        assert Network().figure("entries", day("2020-06-30")).value == 0
        goes_to(one, third, "2020-01-01")
        merge_companies(keep=third, duplicate=first, acting_user=None)
        assert not Succession.objects.exists()


def taken_back(lease: Lease) -> None:
    following = Lease.objects.get(follows=lease)
    take_back_handover(lease=following, reason="Erreur", acting_user=None)
    cancel_lease(lease=following, reason="Erreur", acting_user=None)
    take_back_end(lease=lease, reason="Erreur", acting_user=None)


def test_rest_says_that_a_company_succeeds_the_tenant() -> None:
    with time_machine.travel(NOW, tick=False):
        casa = scene.site("CAS")
        first, second = scene.company("Un"), scene.company("Deux")
        one = let(casa, first, "2018-10-01")
        client: Client = clients.writer(Role.SITE_MANAGER, casa)
        body = {"company": second.pk, "since": "2020-01-01", "reason": "Fusion", "succeeds": True}
        address = f"/api/v1/leases/{one.number}/assign/"
        answer = client.post(address, body, content_type="application/json")
        assert answer.status_code == 200, answer.content
        row = Succession.objects.get()
        assert (row.predecessor, row.company, row.since) == (first, second, day("2020-01-01"))
        address = f"/staff/tenants/company/{second.pk}/change/?lang=en"
        page = doors.staff_client(Role.DIRECTOR).get(address)
        assert "succeeds Un since 01/01/2020" in page.content.decode()
        network = Network()
        moves = [network.figure(name, day("2020-12-31")).value for name in ("entries", "exits")]
        assert moves == [0, 0]
        assert network.figure("hosted", day("2020-01-01") - ONE_DAY).value == 1
