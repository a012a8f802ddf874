"""Ends of contracts and the outlook, from leases that went through the real services."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from pytest_django.plugin import DjangoDbBlocker

from applications.services.answers import accept_offer
from applications.services.offers import withdraw_offer
from core.periods import Period
from indicators.choices import Subject
from indicators.keeping import News
from indicators.models import Touched
from indicators.selectors.network import Network
from leases.changes import give_up, resize
from leases.choices import AmendmentKind, NoticeBy
from leases.models import Lease
from leases.selectors.amending import lasting_to, with_space
from leases.selectors.terms import terms_of
from leases.services.amendments import draft_amendment, sign_amendment
from leases.services.assignment import assign_lease
from leases.services.exits import end_lease
from leases.services.holds import hold_space, release_hold
from leases.services.notices import give_notice, withdraw_notice
from leases.services.renewals import renew_tacitly
from leases.terms import LeaseTerms
from sites.models import Site
from sites.services.spaces import take_out_of_service
from tests.factories import scene, tenancies
from tests.factories.kept import for_all_tests

pytestmark = pytest.mark.django_db
FIRST = dt.date(2025, 1, 1)
DAY = dt.date(2026, 1, 15)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def on(text: str) -> time_machine.travel:
    return time_machine.travel(dt.datetime.combine(day(text), dt.time(12), dt.UTC), tick=False)


def let(site: Site, name: str, months: int, **given: Any) -> Lease:
    """An office of 20 m² from the first day of 2025."""
    office = scene.office(site)
    return tenancies.active(
        site, office, start=FIRST, months=months, company=scene.company(name), **given
    )


def ends(lease: Lease, last_day: str) -> None:
    with on(last_day):
        end_lease(lease=lease, last_day=day(last_day), reason="parti", acting_user=None)


def lasts_to(lease: Lease, kind: AmendmentKind, end: str, signed: str) -> None:
    with on(signed):
        lease.refresh_from_db()
        signs(lease, kind, lasting_to(lease, terms_of(lease), day(end)), signed, signed)


def signs(lease: Lease, kind: AmendmentKind, after: LeaseTerms, since: str, signed: str) -> None:
    drawn = draft_amendment(
        lease=lease,
        kind=kind,
        effective_on=day(since),
        after=after,
        reason="avenant",
        acting_user=None,
    )
    sign_amendment(amendment=drawn, signed_on=day(signed), acting_user=None)


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """Whatever may become of a lease of 2025, as of the middle of January 2026."""
    with for_all_tests(django_db_blocker):
        with on("2025-01-01"):
            casa = scene.site("CAS")
            let(casa, "Renouvelé", 12, tacit_months=12)
            left = let(casa, "Parti", 12)
            gone = let(casa, "Préavis", 24)
            late = let(casa, "Attardé", 11)
            assigned = let(casa, "Cédé", 24)
            corrected = let(casa, "Rectifié", 8)
            shortened = let(casa, "Raccourci", 36)
            let(casa, "Resté", 12)
            going = let(casa, "Partant", 36)
            scene.office(casa)
            works = scene.office(casa)
        lasts_to(corrected, AmendmentKind.CORRECTION, "2028-01-01", "2025-02-03")
        lasts_to(shortened, AmendmentKind.END, "2025-11-01", "2025-05-05")
        with on("2025-06-10"):
            give_notice(
                lease=gone, given_by=NoticeBy.TENANT, given_on=day("2025-06-10"), acting_user=None
            )
        with on("2025-07-01"):
            assign_lease(
                lease=assigned,
                company=scene.company("Repreneur"),
                since=day("2025-07-01"),
                reason="cession",
                acting_user=None,
            )
        ends(gone, "2025-09-10")
        ends(shortened, "2025-10-31")
        ends(late, "2025-12-20")
        ends(left, "2025-12-31")
        with on("2026-01-08"):
            assert renew_tacitly() == {}
        with on("2026-01-15"):
            give_notice(lease=going, given_by=NoticeBy.LESSOR, given_on=DAY, acting_user=None)
            take_out_of_service(
                space=works, period=Period(DAY, day("2026-03-01")), reason="works", acting_user=None
            )
            admitted, accepted, withdrawn = (
                scene.offer(scene.application(casa, name=name), scene.office(casa))
                for name in ("Admis", "Accepté", "Retiré")
            )
            accept_offer(offer=accepted, acting_user=None)
            withdraw_offer(application=withdrawn.application, reason="erreur", acting_user=None)
            assert admitted.booking is not None
        yield casa


@pytest.fixture(autouse=True)
def middle_of_january() -> Iterator[None]:
    with on("2026-01-15"):
        yield


def test_of_six_companies_whose_contract_ended_three_were_still_there(site: Site) -> None:
    """Renewed a week late, stayed over for days or until now; those that left by notice, by an
    earlier end or with the term are gone. Assigned, corrected: no end."""
    network = Network()
    figure = network.figure("retention", DAY, "CAS")
    assert figure.value == Decimal("0.500000")
    assert figure.denominator == 6
    told: dict[Any, Any] = {
        row.company: (row.numerator, row.more["contract_end_on"])
        for row in network.rows("retention", DAY, "CAS")
    }
    assert told == {
        "Renouvelé": (1, day("2025-12-31")),
        "Parti": (0, day("2025-12-31")),
        "Préavis": (0, day("2025-09-10")),
        "Attardé": (1, day("2025-11-30")),
        "Raccourci": (0, day("2025-10-31")),
        "Resté": (1, day("2025-12-31")),
    }
    # At the end of 2025 it was the same: that day's ends have had their day after since.
    assert network.figure("retention", day("2025-12-31")).denominator == 6
    with on("2025-12-31"):
        assert Network().figure("retention", day("2025-12-31")).denominator == 3


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("2025-11-30", {}),
        ("2025-12-01", {"Attardé": 1}),
        ("2025-12-20", {"Attardé": 20}),
        ("2025-12-21", {}),
        ("2026-01-15", {"Resté": 15}),
    ],
)
def test_who_stays_past_the_term_holds_over(site: Site, asked: str, told: dict[str, int]) -> None:
    """The term that was renewed late, in January, is no holding over."""
    rows = Network().rows("holding_over", day(asked))
    assert {row.company: row.more["over_days"] for row in rows} == told


def lines(asked: str, site: str = "CAS") -> dict[str, dict[str, int]]:
    found = Network().profile("outlook", day(asked), site)
    return {
        dt.date.fromordinal(int(key)).isoformat()[:7]: {
            code.removesuffix("_centi_m2"): int(column[at]) // 2000
            for code, column in found.values.items()
            if code.endswith("_centi_m2") and column[at]
        }
        for at, key in enumerate(found.keys)
    }


def test_the_outlook_tells_what_each_office_will_be(site: Site) -> None:
    """In offices of 20 m². The assigned and the renewed ones last to the end of 2026."""
    ahead = lines("2026-01-15")
    assert list(ahead)[::23] == ["2026-01", "2027-12"]
    january = {"in_service": 13, "contracted": 4, "held": 2, "holding_over": 1, "out_of_service": 1}
    assert ahead["2026-01"] == january
    given_back = {"in_service": 14, "contracted": 3, "held": 2, "holding_over": 1, "leaving": 1}
    assert ahead["2026-04"] == given_back
    assert ahead["2027-01"] == {**given_back, "contracted": 1, "renewable": 2}
    shares = Network().profile("outlook", DAY, "CAS").values
    assert shares["low_millionths"][[0, 12]].tolist() == [307692, 71429]
    assert shares["high_millionths"][[0, 12]].tolist() == [538462, 428571]


def test_what_is_held_stands_beside_the_occupancy(site: Site) -> None:
    """Two offers stand, one of them accepted; a third room is held by hand, until it is let go."""
    february = Period(DAY, day("2026-02-16"))
    booking = hold_space(
        space=scene.office(site), period=february, held_until=day("2026-02-10"), reason="visite",
        acting_user=None,
    )  # fmt: skip
    days = [day(f"2026-{text}") for text in ("01-14", "01-15", "01-22", "01-23", "02-10", "02-11")]

    def held() -> list[list[int]]:
        network = Network()
        return [
            [int(one.beside[code]) for one in network.figures(name, days, "CAS")]
            for name, code in {"occupancy_area": "held_m2", "occupancy_unit": "held"}.items()
        ]

    assert held() == [[0, 60, 60, 40, 40, 20], [0, 3, 3, 2, 2, 1]]
    Touched.objects.all().delete()
    release_hold(booking=booking, acting_user=None)
    assert [touched.news for touched in Touched.objects.all()] == [
        News(Subject.HOLDS, site.pk, february)
    ]
    assert held() == [[0, 40, 40, 20, 20, 20], [0, 2, 2, 1, 1, 1]]


def test_the_outlook_of_a_past_day_knows_what_had_been_signed_by_then(site: Site) -> None:
    """On 1 June nobody had given notice, and what was renewed since ended with the year; the works
    are known."""
    ahead = lines("2025-06-01")
    assert ahead["2025-06"] == {"in_service": 14, "contracted": 9}
    assert ahead["2025-12"] == {"in_service": 14, "contracted": 7, "renewable": 2}
    january = {"in_service": 13, "contracted": 4, "renewable": 5, "out_of_service": 1}
    assert ahead["2026-01"] == january


def test_the_outlook_of_a_past_day_knows_of_no_end_that_was_told_later() -> None:
    """A notice of March was withdrawn in April; in August one of two rooms is given up."""
    with on("2025-01-01"):
        rabat = scene.site("RAB")
        rooms = scene.office(rabat), scene.office(rabat)
        lease = tenancies.active(rabat, *rooms, start=FIRST, months=24)
    with on("2025-03-01"):
        give_notice(
            lease=lease, given_by=NoticeBy.TENANT, given_on=day("2025-03-01"), acting_user=None
        )
    with on("2025-04-15"):
        withdraw_notice(lease=lease, on=day("2025-04-15"), reason="Il reste", acting_user=None)
    with on("2025-08-01"):
        smaller = give_up(terms_of(lease), 0, day("2025-10-01"))
        signs(lease, AmendmentKind.SPACE, smaller, "2025-10-01", "2025-08-01")
    both, one = {"in_service": 2, "contracted": 2}, {"in_service": 2, "contracted": 1, "leaving": 1}
    gone = {"in_service": 2, "leaving": 2}
    told = {
        asked: [lines(asked, "RAB")[month] for month in ("2025-04", "2025-09", "2025-12")]
        for asked in ("2025-02-28", "2025-03-31", "2025-04-15", "2025-04-30")
    }
    assert told == {
        "2025-02-28": [both, both, both],
        "2025-03-31": [both, gone, gone],
        "2025-04-15": [both, both, both],
        "2025-04-30": [both, both, both],
    }
    assert [lines("2025-08-01", "RAB")[month] for month in ("2025-09", "2025-12")] == [both, one]


def test_the_outlook_of_a_past_day_knows_of_no_room_that_was_let_later() -> None:
    """In March a room is added from April on; in June another company takes all of it over. What
    was renewed in November, and is a smaller room since next March, was to end with the year."""
    with on("2025-01-01"):
        rabat = scene.site("RAB")
        first, second, third = (scene.office(rabat) for _each in range(3))
        lease = tenancies.active(rabat, first, start=FIRST, months=24)
        renewed = tenancies.active(rabat, third, start=FIRST, months=12)
    with on("2025-03-10"):
        wider = with_space(lease, terms_of(lease), second, day("2025-04-01"))
        signs(lease, AmendmentKind.SPACE, wider, "2025-04-01", "2025-03-10")
    with on("2025-06-01"):
        assign_lease(
            lease=lease,
            company=scene.company("Repreneur"),
            since=day("2025-06-01"),
            reason="cession",
            acting_user=None,
        )
    lasts_to(renewed, AmendmentKind.RENEWAL, "2027-01-01", "2025-11-01")
    with on("2026-01-15"):
        renewed.refresh_from_db()
        smaller = resize(terms_of(renewed), 0, day("2026-03-01"), Decimal(15))
        signs(renewed, AmendmentKind.SPACE, smaller, "2026-03-01", "2026-01-15")
    june = {
        asked: lines(asked, "RAB")["2025-06"].get("contracted")
        for asked in ("2025-03-09", "2025-03-10", "2025-05-31", "2025-06-01")
    }
    assert june == {"2025-03-09": 2, "2025-03-10": 3, "2025-05-31": 3, "2025-06-01": 3}
    told = [lines(asked, "RAB")["2026-02"] for asked in ("2025-10-31", "2025-11-01")]
    assert [(one["contracted"], one.get("renewable", 0)) for one in told] == [(2, 1), (3, 0)]
