"""Past its term without an exit a lease goes on, day after day, at its last rate."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from accounts.choices import Role
from core.models import Message
from core.periods import ONE_DAY, Period, add_months, today
from leases.changes import add_charge, give_up, move_end
from leases.choices import AmendmentKind
from leases.errors import StillHoldingOver
from leases.models import Amendment, Lease, Letting
from leases.selectors.terms import terms_of
from leases.services.amendments import draft_amendment, sign_amendment
from leases.services.drafts import draft_lease
from leases.services.exits import end_lease
from leases.services.holding_over import carry_on, warn_managers
from leases.services.reversals import take_back_handover
from leases.services.signing import sign_lease
from leases.terms import ChargeTerms, LeaseTerms, from_json
from sites.choices import BookingKind, TenantKind
from sites.models import Booking, Site, Space
from sites.services.bookings import book
from technopark.staff.worklist import worklist
from tests.factories import doors, scene, tenancies

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return scene.site("CAS")


def _active(site: Site, *spaces: Space) -> Lease:
    """A year's lease from today, with its keys handed over."""
    return tenancies.active(site, *spaces, months=12)


def _later(days: int) -> time_machine.travel:
    """As many days after the year's last one."""
    noon = dt.datetime.combine(add_months(today(), 12) - ONE_DAY, dt.time(12), dt.UTC)
    return time_machine.travel(noon + dt.timedelta(days=days), tick=False)


def _days(lease: Lease) -> list[tuple[str, Period, Period, list[tuple[Period, str]]]]:
    """By space: the letting's period, its booking's and its steps'."""
    lettings = Letting.objects.filter(lease=lease).order_by("id")
    return [
        (
            letting.space.code if letting.space else "",
            letting.period,
            letting.booking.period if letting.booking else letting.period,
            [(step.period, f"{step.rate:.2f}") for step in letting.steps.order_by("period")],
        )
        for letting in lettings.select_related("space", "booking")
    ]


def test_missed_days_are_made_up_and_twice_changes_nothing(site: Site) -> None:
    start, end = today(), add_months(today(), 12)
    lease = _active(site, scene.office(site, code="B1"))
    with _later(0):
        assert carry_on() == {}
        term = Period(start, end)
        assert _days(lease) == [("B1", term, term, [(term, "100.00")])]
    with _later(10):
        assert carry_on() == {}
        through = Period(start, end + dt.timedelta(days=10))
        assert _days(lease) == [("B1", through, through, [(through, "100.00")])]
        events = Booking.pgh_event_model.objects.count()  # type: ignore[attr-defined]
        assert carry_on() == {}
        assert Booking.pgh_event_model.objects.count() == events  # type: ignore[attr-defined]
    lease.refresh_from_db()
    assert (lease.state, lease.period) == ("active", term)


def test_nobody_held_over_where_no_keys_went_out(site: Site) -> None:
    start, end = today(), add_months(today(), 12)
    lease = _active(site, scene.office(site, code="B1"))
    with _later(10):
        carry_on()
        take_back_handover(lease=lease, reason="Erreur", acting_user=None)
        term = Period(start, end)
        assert _days(lease) == [("B1", term, term, [(term, "100.00")])]
        last = lease.versions.order_by("-version")[0]
        assert (last.reason, from_json(last.terms).lettings[0].period) == (
            "keys_back: Erreur",
            term,
        )


def test_the_keys_given_back_end_it_on_the_last_day_there(site: Site) -> None:
    start, end = today(), add_months(today(), 12)
    lease = _active(site, scene.office(site, code="B1"))
    with _later(10):
        carry_on()
        end_lease(lease=lease, last_day=end + dt.timedelta(days=3), reason="left", acting_user=None)
        there = Period(start, end + dt.timedelta(days=4))
        assert _days(lease) == [("B1", there, there, [(there, "100.00")])]
    with _later(20):
        assert carry_on() == {}
        assert _days(lease)[0][1] == there


def test_what_the_lease_charges_beside_rent_goes_on_with_it(site: Site) -> None:
    """Parking to the term's end goes on; what ended before, and what was due once, do not."""
    start, end = today(), add_months(today(), 12)
    lease = _active(site, scene.office(site, code="B1"))
    after = terms_of(lease)
    for label, days, unit in (
        ("parking", Period(start, end), "flat"),
        ("trial", Period(start, end - ONE_DAY), "flat"),
        ("keys", Period(end - ONE_DAY, end), "once"),
        ("cleaning", Period.through(add_months(end, 1), add_months(end, 1)), "once"),
    ):
        charge = ChargeTerms(None, "other", label, days, unit, Decimal(100))
        after = add_charge(after, None, charge)
    sign_amendment(amendment=_draft(lease, start, after), signed_on=start, acting_user=None)

    def parking(lease: Lease) -> dt.date | None:
        ends = {charge.label: charge.period.end for charge in terms_of(lease).charges}
        assert (ends["trial"], ends["keys"]) == (end - ONE_DAY, end)
        return ends["parking"]

    with _later(9):
        carry_on()
    with _later(10):
        carry_on()
        assert parking(lease) == today() + ONE_DAY
        renewed = move_end(terms_of(lease), add_months(end, 12))
        draft = _draft(lease, end, renewed)
        ends = {charge["label"]: charge["end"] for charge in draft.after["charges"]}
        assert ends["parking"] == str(add_months(end, 12))
        end_lease(lease=lease, last_day=end, reason="left", acting_user=None)
        assert parking(lease) == end + ONE_DAY


def test_a_room_is_given_up_by_renewing_or_ending(site: Site) -> None:
    """Past the term's end the nightly job could not tell it from a room that goes on."""
    lease = _active(site, scene.office(site, code="B1"), scene.office(site, code="B2"))
    with _later(10):
        carry_on()
        since = today() - ONE_DAY
        given_up = give_up(terms_of(lease), 0, since)
        with pytest.raises(StillHoldingOver):
            _draft(lease, since, given_up)
        end = lease.period.end
        assert end is not None
        renewed = give_up(move_end(terms_of(lease), add_months(end, 12)), 0, since)
        sign_amendment(amendment=_draft(lease, end, renewed), signed_on=today(), acting_user=None)
        assert carry_on() == {}
        assert [period.end for _code, period, _booking, _steps in _days(lease)] == [
            since, add_months(end, 12)
        ]  # fmt: skip


def _draft(lease: Lease, since: dt.date, after: LeaseTerms) -> Amendment:
    return draft_amendment(
        lease=lease,
        kind=AmendmentKind.SPACE,
        effective_on=since,
        after=after,
        reason="x",
        acting_user=None,
    )


def test_a_room_that_is_promised_holds_up_no_other(site: Site) -> None:
    """The next tenant's booking stands; the rooms beside it stay the present tenant's."""
    start, end = today(), add_months(today(), 12)
    first, second = scene.office(site, code="B1"), scene.office(site, code="B2")
    lease = _active(site, first, second)
    book(space=first, period=Period(end), kind=BookingKind.HOLD, acting_user=None)
    with _later(5):
        blocked = carry_on()
        assert list(blocked) == [lease.number]
        assert blocked[lease.number].data["space"] == "B1"
        assert [(code, period) for code, period, _booking, _steps in _days(lease)] == [
            ("B1", Period(start, end)),
            ("B2", Period(start, end + dt.timedelta(days=5))),
        ]


def test_the_managers_are_told_once_that_the_next_tenant_waits(site: Site) -> None:
    end = add_months(today(), 12)
    manager = scene.staff(Role.SITE_MANAGER, site)
    manager.language = "en"
    manager.save()
    scene.staff(Role.SITE_MANAGER, scene.site("RAB"))
    first, second = scene.office(site, code="B1"), scene.office(site, code="B2")
    kept, alone = _active(site, first), _active(site, second)
    starts = end + dt.timedelta(days=9)
    book(space=first, period=Period(starts), kind=BookingKind.HOLD, label="TP-9", acting_user=None)
    with _later(0):
        assert warn_managers() == 0
    for days, told in ((5, 1), (6, 0), (12, 0)):
        with _later(days):
            carry_on()
            assert warn_managers() == told
    letter = Message.objects.get()
    assert (letter.to, letter.site_code) == (manager.email, "CAS")
    assert kept.number in letter.subject
    assert f"- B1 · hold TP-9 · {starts:%d/%m/%Y}\n" in letter.body
    with _later(12):
        heaps = {str(heap.title): heap for heap in worklist(manager)}
        counted = {title: heap.count for title, heap in heaps.items()}
        promised = "tenant holding over in rooms promised to others"
        assert (counted["tenants holding over"], counted[promised]) == (2, 1)
        page = doors.signed_in(manager).get(heaps[promised].address)
        listed = [lease.number for lease in page.context["cl"].result_list]
        assert listed == [kept.number] != [alone.number]


def test_a_tenant_whose_own_next_lease_begins_keeps_nobody_out(site: Site) -> None:
    """A renewal is a lease of its own: the old one only waits to be ended."""
    end = add_months(today(), 12)
    space = scene.office(site, code="B1")
    scene.staff(Role.SITE_MANAGER, site)
    lease = _active(site, space)
    following = draft_lease(
        site=site,
        company=lease.company,
        tenant_kind=TenantKind.SME,
        period=Period(end, add_months(end, 12)),
        spaces=[space],
        acting_user=None,
    )
    sign_lease(lease=following, signed_on=today(), acting_user=None)
    with _later(3):
        assert warn_managers() == 0
        assert list(Lease.objects.holding_over(today())) == [lease]
