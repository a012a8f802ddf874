"""The stacking plan, a space's story and the timeline: right on every day, and within the scope."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from core.periods import Period, today
from indicators.selectors.network import Network
from leases.choices import NoticeBy, SpaceState
from leases.models import Lease
from leases.selectors.stacking import plan
from leases.selectors.timeline import timeline
from leases.services.exits import end_lease
from leases.services.holding_over import carry_on
from leases.services.holds import hold_space
from leases.services.notices import give_notice
from sites.models import Booking, Building, Site, Space
from sites.services.spaces import measure, retire, take_out_of_service
from tests.factories import bulk, doors, opinions, scene, tenancies

PLAN, TIMELINE = "/staff/plan/?lang=en", "/staff/timeline/?lang=en"


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def days(text: str) -> Period:
    """« first/last », both included; no last: open-ended."""
    first, _slash, last = text.partition("/")
    return Period.through(day(first), day(last) if last else None)


@pytest.fixture(autouse=True)
def _in_autumn() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def site(db: None) -> Site:
    return scene.site("CAS")


def let(site: Site, code: str, start: str, months: int | None, name: str) -> Lease:
    """Signed by a company of that name; handed over where the term has begun."""
    space = Space.objects.filter(code=code).first() or scene.office(site, code=code)
    given: dict[str, Any] = {"start": day(start), "months": months, "company": scene.company(name)}
    if day(start) > today():
        return tenancies.signed(site, space, **given)
    return tenancies.active(site, space, **given)


def shown(site: Site, on: str, user: Any = None) -> dict[str, tuple[str, str, str]]:
    """State, last day and names, by the space's code."""
    found = plan(Building.objects.get(site=site), day(on), user or scene.staff(Role.DIRECTOR))
    return {
        cell.code: (
            "holding over" if cell.holding_over else str(cell.state),
            str(cell.until or ""),
            ", ".join(stay.company for stay in cell.stays) or cell.told,
        )
        for cell in found.cells
    }


def hold(space: Space, period: str, until: str = "2026-12-24", reason: str = "Argan") -> Booking:
    return hold_space(
        space=space, period=days(period), held_until=day(until), reason=reason, acting_user=None
    )


@pytest.fixture
def house(site: Site) -> Site:
    """Every state there is, and what is easily taken for another."""
    let(site, "LET", "2026-01-01", 36, "Long")
    let(site, "SOON", "2024-05-01", 36, "Soon")  # to 2027-04-30
    let(site, "NEXT", "2024-05-01", 36, "Before")
    let(site, "NEXT", "2027-05-01", 12, "After")
    noticed = let(site, "NOTICE", "2026-01-01", None, "Noticed")
    give_notice(
        lease=noticed, given_by=NoticeBy.TENANT, given_on=day("2026-11-02"),
        last_day=day("2027-02-28"), acting_user=None,
    )  # fmt: skip
    let(site, "OVER", "2023-11-01", 36, "Over")  # to 2026-10-31, and still there
    gone = let(site, "FREE", "2025-01-01", 36, "Gone")
    end_lease(lease=gone, last_day=day("2026-06-30"), reason="moved", acting_user=None)
    scene.office(site, code="VACANT")
    hold(Space.objects.get(code="VACANT"), "2027-01-01/2027-12-31")
    hold(scene.office(site, code="HELD"), "2026-11-20/2027-03-31")
    works = scene.office(site, code="WORKS")
    take_out_of_service(
        space=works, period=days("2026-11-01/2026-12-31"), reason="roof", acting_user=None
    )
    retire(space=scene.office(site, code="OLD"), last_day=day("2019-12-31"), acting_user=None)
    return site


def test_each_space_is_what_it_is_on_the_day(house: Site) -> None:
    assert shown(house, "2026-11-25") == {
        "FREE": ("free", "", ""),
        "HELD": ("held", "2027-03-31", "Argan"),
        "LET": ("let", "2028-12-31", "Long"),
        "NEXT": ("let", "2028-04-30", "Before"),
        "NOTICE": ("freeing", "2027-02-28", "Noticed"),
        "OVER": ("holding over", "", "Over"),
        "SOON": ("freeing", "2027-04-30", "Soon"),
        "VACANT": ("free", "2026-12-31", ""),
        "WORKS": ("out", "2026-12-31", "roof"),
    }
    before, after = shown(house, "2026-06-30"), shown(house, "2027-05-01")
    assert (before["FREE"], before["OVER"]) == (
        ("freeing", "2026-06-30", "Gone"),
        ("freeing", "2026-10-31", "Over"),
    )
    # A day more than six months before, nobody would say that it is freeing up.
    assert shown(house, "2026-10-31")["SOON"] == ("let", "2027-04-30", "Soon")
    assert shown(house, "2026-11-01")["SOON"] == ("freeing", "2027-04-30", "Soon")
    # Nobody knows how long they stay: from tomorrow on the plan shows what is agreed.
    assert {code: after[code][0] for code in ("OVER", "SOON", "NEXT", "VACANT", "WORKS")} == {
        "OVER": "free",
        "SOON": "free",
        "NEXT": "let",
        "VACANT": "held",
        "WORKS": "free",
    }
    assert shown(house, "2019-12-31")["OLD"] == ("free", "", "")
    assert shown(house, "2014-12-31") == {}


def test_the_plan_adds_up_to_what_the_indicators_count(house: Site) -> None:
    """Let and in service, m² by m²: the plan and the engine read the same days apart."""
    building, user, network = (
        Building.objects.get(site=house),
        scene.staff(Role.DIRECTOR),
        Network(),
    )
    for on in ("2016-02-29", "2024-05-01", "2026-06-30", "2026-11-25"):
        sums = plan(building, day(on), user).sums
        let = sums[SpaceState.LET][1] + sums[SpaceState.FREEING][1]
        in_service = sum(area for _count, area in sums.values()) - sums[SpaceState.OUT][1]
        figure = network.figure("occupancy_area", day(on), "CAS")
        assert (let, in_service) == (figure.numerator, figure.denominator), on


def test_holding_over_is_the_same_whether_or_not_the_night_has_carried_it_on(site: Site) -> None:
    let(site, "OVER", "2023-11-01", 36, "Over")
    stood = {on: shown(site, on)["OVER"] for on in ("2026-10-31", "2026-11-01", "2026-11-25")}
    carry_on()
    assert {on: shown(site, on)["OVER"] for on in stood} == stood
    # Whoever may not see the lease is told that the space is let, and for no end in sight.
    administrator = scene.staff(Role.ADMINISTRATOR)
    assert shown(site, "2026-11-25", administrator)["OVER"] == ("let", "", "")
    assert stood["2026-11-01"] == ("holding over", "", "Over")


def test_the_area_is_the_days(site: Site) -> None:
    space = scene.office(site, code="A1", area_m2="100.00")
    measure(space=space, area_m2=Decimal("95.50"), since=day("2026-01-01"), acting_user=None)
    user, building = scene.staff(Role.DIRECTOR), space.building
    assert [
        plan(building, day(on), user).bands[0].area_m2 for on in ("2025-12-31", "2026-01-01")
    ] == [
        Decimal("100.00"),
        Decimal("95.50"),
    ]


def test_a_reader_without_the_lease_or_the_file_sees_no_name(house: Site) -> None:
    """That a space is let or held is no secret; who has it may be."""
    file = scene.application(house, name="Secret")
    offered = scene.office(house, code="OFFER")
    scene.offer(file, offered)
    officer = scene.staff(Role.ADMISSIONS_OFFICER, house)
    assert shown(house, "2026-11-25", officer)["OFFER"][2] == f"{file.reference} · Secret"
    opinions.declare_conflict(file, officer)
    told = shown(house, "2026-11-25", officer)
    assert (told["OFFER"][0], told["OFFER"][2], told["LET"][2]) == ("held", "", "Long")
    # An administrator reads spaces, and neither leases nor applications.
    administrator = scene.staff(Role.ADMINISTRATOR)
    told = shown(house, "2026-11-25", administrator)
    assert {code: row for code, row in told.items() if code in {"LET", "SOON", "OFFER"}} == {
        "LET": ("let", "2028-12-31", ""),
        "SOON": ("freeing", "2027-04-30", ""),
        "OFFER": ("held", told["OFFER"][1], ""),
    }
    clients = {who: doors.signed_in(who) for who in (officer, administrator)}
    space = Space.objects.get(code="LET")
    lease = Lease.objects.get(company__name="Long")
    for address in (f"{PLAN}&view=table", TIMELINE, f"/staff/plan/spaces/{space.pk}/"):
        page = clients[administrator].get(address).content.decode()
        assert not {"Long", lease.number, "Secret", file.reference} & _words(page), address
        page = clients[officer].get(address).content.decode()
        assert {"Long", lease.number} <= _words(page), address
    page = clients[officer].get(f"/staff/plan/spaces/{offered.pk}/").content.decode()
    assert file.reference not in page
    assert "hold" in page


def _words(page: str) -> set[str]:
    for sign in '<>"·':
        page = page.replace(sign, " ")
    return set(page.split())


def test_nobody_looks_into_another_site(site: Site) -> None:
    space = scene.office(site)
    building, held = space.building, hold(space, "2026-11-20/2027-03-31")
    pages = [f"{PLAN}&building={building.pk}", f"{TIMELINE}&building={building.pk}"]
    pages += [f"/staff/plan/spaces/{space.pk}/", f"/staff/plan/spaces/{space.pk}/hold/"]
    release = f"/staff/plan/holds/{held.pk}/release/"

    def answers(client: Client) -> list[int]:
        return [client.get(page).status_code for page in pages] + [client.post(release).status_code]

    stranger = doors.staff_client(Role.SITE_MANAGER, scene.site("RAB"))
    assert answers(stranger) == [404] * 5
    assert answers(doors.staff_client(Role.REVIEWER, site)) == [403] * 5
    # Finance reads spaces and books none.
    assert answers(doors.staff_client(Role.FINANCE_OFFICER, site)) == [200, 200, 200, 403, 403]
    assert answers(doors.staff_client(Role.SITE_MANAGER, site)) == [200, 200, 200, 200, 302]
    assert not Booking.objects.filter(pk=held.pk).exists()
    links = {f'href="/staff/{at}/"' for at in ("plan", "timeline")}
    side_bars = {
        role: doors.staff_client(role, site).get("/staff/").content.decode()
        for role in (Role.FINANCE_OFFICER, Role.REVIEWER)
    }
    assert [all(link in bar for link in links) for bar in side_bars.values()] == [True, False]


def test_the_timeline_shows_lettings_holds_works_and_what_lies_between(house: Site) -> None:
    building = Building.objects.get(site=house)
    rows = timeline([building], days("2026-07-01/2027-06-30"), scene.staff(Role.DIRECTOR))
    assert {
        row.code: [
            (f"{bar.period}", "holding over" if bar.holding_over else str(bar.state), bar.name)
            for bar in row.bars
        ]
        for row in rows
    } == {
        "FREE": [("2026-07-01 – 2027-06-30", "free", "")],
        "HELD": [
            ("2026-07-01 – 2026-11-19", "free", ""),
            ("2026-11-20 – 2027-03-31", "held", "Argan"),
            ("2027-04-01 – 2027-06-30", "free", ""),
        ],
        "LET": [("2026-01-01 – 2028-12-31", "let", "Long")],
        "NEXT": [
            ("2024-05-01 – 2027-04-30", "let", "Before"),
            ("2027-05-01 – 2028-04-30", "let", "After"),
        ],
        "NOTICE": [("2026-01-01 – …", "let", "Noticed")],
        "OVER": [
            ("2023-11-01 – 2026-10-31", "let", "Over"),
            ("2026-11-01 – 2026-11-25", "holding over", "Over"),
            ("2026-11-26 – 2027-06-30", "free", ""),
        ],
        "SOON": [
            ("2024-05-01 – 2027-04-30", "let", "Soon"),
            ("2027-05-01 – 2027-06-30", "free", ""),
        ],
        "VACANT": [
            ("2026-07-01 – 2026-12-31", "free", ""),
            ("2027-01-01 – 2027-12-31", "held", "Argan"),
        ],
        "WORKS": [
            ("2026-07-01 – 2026-10-31", "free", ""),
            ("2026-11-01 – 2026-12-31", "out", "roof"),
            ("2027-01-01 – 2027-06-30", "free", ""),
        ],
    }
    carry_on()
    again = timeline([building], days("2026-07-01/2027-06-30"), scene.staff(Role.DIRECTOR))
    assert again == rows


def test_a_free_space_becomes_a_hold_or_a_draft(site: Site) -> None:
    client = doors.staff_client(Role.SITE_MANAGER, site)
    gone = let(site, "FREE", "2025-01-01", 36, "Gone")
    end_lease(lease=gone, last_day=day("2026-06-30"), reason="moved", acting_user=None)
    space = Space.objects.get(code="FREE")
    story = f"/staff/plan/spaces/{space.pk}/?lang=en"
    acts = client.get(f"{story}&on=2027-02-01").context["acts"]
    assert [str(title) for _address, title in acts] == ["Draft a lease", "Hold the space"]
    (draft, _title), (hold_at, _hold) = acts
    typed = {"period_0": "2027-02-01", "period_1": "2027-07-31", "held_until": "2026-12-10"}
    for given, refused in (
        ({**typed, "reason": " "}, "This field is required."),
        ({**typed, "reason": "x", "held_until": "2026-11-24"}, "That day is over"),
    ):
        assert refused in client.post(hold_at, given).content.decode()
    form = client.get(draft).context["adminform"].form
    assert [label for _key, label in form.fields["spaces"].choices] == ["A-FREE · 1 · 20\xa0m²"]
    assert form.initial["period"] == Period(day("2027-02-01"))
    company = scene.company("Nouvelle")
    client.post(
        draft,
        {"site": site.pk, "company": company.pk, "tenant_kind": "sme", "spaces": space.pk,
         "period_0": "2027-02-01", "period_1": "2027-07-31"},
    )  # fmt: skip
    assert Lease.objects.get(company=company).lettings.get().space == space
    client.post(hold_at, {**typed, "reason": "Pour Nouvelle"})
    held = Booking.objects.get(space=space, kind="hold")
    assert (held.period, held.label) == (days("2027-02-01/2027-07-31"), "Pour Nouvelle")
    taken = client.post(hold_at, {**typed, "period_0": "2027-07-01", "reason": "late"})
    assert "01/02/2027 – 31/07/2027" in taken.content.decode()
    before = client.get(f"/staff/plan/spaces/{space.pk}/hold/?on=2026-12-01").context["form"]
    assert before.initial["period"] == days("2026-12-01/2027-01-31")
    prolong = f"/staff/plan/holds/{held.pk}/prolong/"
    assert client.get(prolong).context["form"].initial == {"held_until": day("2026-12-10")}
    client.post(prolong, {"held_until": "2026-12-20"})
    page = client.get(f"{story}&on=2027-02-01")
    assert page.context["acts"] == []
    assert "held until 20/12/2026" in " ".join(page.content.decode().split())
    client.post(prolong, {"held_until": "2026-12-10"})
    for words in ("Pour Nouvelle", "Release the hold", "Nouvelle", "Gone", "01/01/2025"):
        assert words in page.content.decode()
    with time_machine.travel(dt.datetime(2026, 12, 11, 9, tzinfo=dt.UTC), tick=False):
        assert shown(site, "2027-02-01")["FREE"] == ("free", "", "")
    client.post(f"/staff/plan/holds/{held.pk}/release/")
    assert shown(site, "2027-02-01")["FREE"] == ("free", "", "")


def test_what_an_offer_promised_is_not_let_go_by_hand(site: Site) -> None:
    offered = scene.offer(scene.application(site), scene.office(site, code="OFFER"))
    client = doors.staff_client(Role.SITE_MANAGER, site)
    assert offered.booking is not None
    client.get(PLAN)  # in English from here on
    answer = client.post(f"/staff/plan/holds/{offered.booking.pk}/release/", follow=True)
    assert "is held for an offer or a draft lease" in answer.content.decode()
    assert Booking.objects.filter(pk=offered.booking.pk).exists()
    assert "Release the hold" not in answer.content.decode()


def test_the_slider_counts_months_and_a_wrong_day_is_said(site: Site) -> None:
    scene.office(site)
    client = doors.staff_client(Role.DIRECTOR)
    months = {"0": "2001-01-01", "310": "2026-11-25", "311": "2026-12-01", "9999": "2026-11-25"}
    for month, on in months.items():
        assert client.get(f"{PLAN}&month={month}").context["day"] == day(on), month
    for asked in ("tomorrow", "2000-12-31", "2099-01-01", "²"):
        answer = client.get(f"{PLAN}&on={asked}")
        assert (answer.context["day"], bool(answer.context["problem"])) == (today(), True), asked
    assert client.get(f"{PLAN}&building=0").status_code == 404
    part = client.get(f"{PLAN}&on=2026-06-30", headers={"HX-Request": "true"})
    assert part.headers["Vary"].split(", ").count("HX-Request") == 1
    assert "<html" not in part.content.decode()
    assert "30/06/2026" in part.content.decode()
    for zoom, window in {
        "quarter": "2026-10-01/2026-12-31",
        "year": "2026-01-01/2026-12-31",
        "years": "2026-01-01/2030-12-31",
        "nonsense": "2026-01-01/2026-12-31",
    }.items():
        assert client.get(f"{TIMELINE}&zoom={zoom}").context["window"] == days(window), zoom


@pytest.mark.parametrize("count", [4, 400])
def test_the_pages_ask_the_same_however_many_spaces(
    site: Site, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    building = bulk.building(site, count)
    client = doors.staff_client(Role.DIRECTOR)
    client.get(PLAN)  # what a process learns once
    space = building.space_set.order_by("pk")[0]
    for address, queries in {
        PLAN: 7,
        f"{PLAN}&view=table": 7,
        f"{TIMELINE}&whole=site": 8,
        f"{TIMELINE}&zoom=years&view=table": 8,
        f"/staff/plan/spaces/{space.pk}/": 11,
    }.items():
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200
