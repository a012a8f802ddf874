"""Leases that are signed, amended, and whose deposits are returned at the same moment."""

import threading
from collections import Counter
from decimal import Decimal

import pytest
from django.utils import translation

from accounts.choices import Role
from applications.models import Application
from applications.services.answers import accept_offer, withdraw
from core.errors import DomainError
from core.periods import ONE_DAY, Period, add_months, today
from leases.changes import with_deposit
from leases.choices import AmendmentKind, DepositAct, LeaseState, SettlementLineKind
from leases.errors import DepositNotHeld, LeaseMovedOn, WrongLeaseState
from leases.models import Amendment, Lease, LeaseVersion, Letting
from leases.selectors.deposits import deposit_of
from leases.selectors.terms import terms_of
from leases.services.amendments import draft_amendment, sign_amendment
from leases.services.assignment import assign_lease
from leases.services.deposits import enter_deposit
from leases.services.exits import end_lease
from leases.services.settlements import add_line, begin_settlement, close_settlement
from leases.services.signing import sign_lease
from sites.choices import BookingKind
from sites.errors import SpaceTaken
from sites.models import Booking, Site
from sites.services.bookings import book
from sites.services.splitting import split_space
from tests.concurrency.crowd import at_once, look_then_take, unguarded_bookings
from tests.factories import scene, tenancies
from tests.leases import legality

pytestmark = pytest.mark.django_db(transaction=True)


def _amendments(site: Site, count: int) -> list[Amendment]:
    """So many drafts upon the first version of one lease, each of another deposit."""
    return _drafts(tenancies.signed(site, scene.office(site)), count)


def _drafts(lease: Lease, count: int) -> list[Amendment]:
    before = terms_of(lease)
    return [
        draft_amendment(
            lease=lease,
            kind=AmendmentKind.CORRECTION,
            effective_on=today(),
            after=with_deposit(before, Decimal(number)),
            reason="x",
            acting_user=None,
        )
        for number in range(count)
    ]


def test_of_two_leases_on_one_space_signed_by_50_clients_one_lets_it() -> None:
    site = scene.site()
    manager = scene.staff(Role.SITE_MANAGER, site)
    space = scene.office(site, code="B101")
    drafts = [tenancies.drafted(site, space) for _number in range(2)]

    def sign(number: int) -> str:
        translation.activate("en")  # a thread has a language of its own
        try:
            sign_lease(lease=drafts[number % 2], signed_on=today(), acting_user=manager)
        except SpaceTaken as refusal:
            return refusal.message
        return "signed"

    outcomes = at_once(50, sign)
    winner, loser = Lease.objects.order_by("-state")  # "signed" before "draft"
    assert (winner.state, loser.state) == ("signed", "draft")
    booking = Booking.objects.get()
    assert Letting.objects.get(booking=booking).lease == winner
    assert LeaseVersion.objects.get().lease == winner
    days = f"{booking.period.start:%d/%m/%Y} – {booking.period.last_day:%d/%m/%Y}"
    refusal = (
        f"B101 is not free from {booking.period.start:%d/%m/%Y}: letting {winner.number} {days}."
    )
    mine = drafts.index(winner)
    assert outcomes == ["signed" if number % 2 == mine else refusal for number in range(50)]


def test_who_may_not_see_leases_is_not_told_whose_the_space_is() -> None:
    site = scene.site()
    space = scene.office(site, code="B101")
    lease = tenancies.signed(site, space)
    told = []
    for user in (
        scene.staff(Role.SITE_MANAGER, site),
        scene.staff(Role.SITE_MANAGER, scene.site("RAB")),
        scene.staff(Role.REVIEWER, site),
    ):
        with pytest.raises(SpaceTaken) as refusal:
            book(space=space, period=Period(today()), kind=BookingKind.HOLD, acting_user=user)
        told.append(lease.number in refusal.value.message)
    assert told == [True, False, False]


def test_control_without_lock_and_constraint_all_50_let_it() -> None:
    space = scene.office(scene.site())
    all_have_looked = threading.Barrier(50, timeout=60)
    with unguarded_bookings():
        let = at_once(50, lambda _number: look_then_take(space, Period(today()), all_have_looked))
    assert let == [True] * 50


def test_of_amendments_signed_at_once_one_is_written() -> None:
    drafts = _amendments(scene.site(), 10)

    def sign(number: int) -> str:
        try:
            sign_amendment(amendment=drafts[number], signed_on=today(), acting_user=None)
        except LeaseMovedOn as refusal:
            return refusal.code
        return "signed"

    outcomes = at_once(10, sign)
    assert sorted(outcomes) == ["lease_moved_on"] * 9 + ["signed"]
    signed = drafts[outcomes.index("signed")]
    assert list(LeaseVersion.objects.values_list("version", flat=True)) == [1, 2]
    assert list(Amendment.objects.signed().values_list("pk", "number")) == [(signed.pk, 1)]
    assert Lease.objects.get().deposit_due == outcomes.index("signed")


def test_control_without_the_lock_each_amendment_finds_its_base_to_be_the_last() -> None:
    drafts = _amendments(scene.site(), 10)
    all_have_looked = threading.Barrier(10, timeout=60)

    def attempt(number: int) -> bool:
        last = LeaseVersion.objects.filter(lease=drafts[number].lease_id).latest("version")
        all_have_looked.wait()
        return drafts[number].base_id == last.pk

    assert at_once(10, attempt) == [True] * 10


def test_of_ends_and_assignments_at_once_one_is_done_and_amendments_stay_whole() -> None:
    """Two companies want the lease while it ends, and is amended: the deposit is held once."""
    site = scene.site()
    space = scene.office(site)
    lease = tenancies.active(site, space, start=add_months(today(), -3))
    companies = [scene.company() for _number in range(2)]
    amendments = _drafts(lease, 3)

    def act(number: int) -> str:
        what = ("assign", "assign", "end", "amend")[number % 4]
        try:
            if what == "assign":
                assign_lease(
                    lease=lease, company=companies[number % 4], since=today(), reason="x",
                    acting_user=None,
                )  # fmt: skip
            elif what == "end":
                end_lease(lease=lease, last_day=today(), reason="x", acting_user=None)
            else:
                draft = amendments[number // 4]
                sign_amendment(amendment=draft, signed_on=today(), acting_user=None)
        except (LeaseMovedOn, WrongLeaseState) as refusal:
            return f"{what}: {refusal.code}"
        return what

    outcomes = Counter(at_once(12, act))
    legality.check_all(legality.all_terms())
    assert outcomes["assign"] + outcomes["end"] == 1
    gone = outcomes["assign: wrong_lease_state"] + outcomes["end: wrong_lease_state"]
    assert gone == 8
    assert outcomes["amend"] <= 1
    lease.refresh_from_db()
    following = list(Lease.objects.filter(follows=lease))
    assert (lease.state, len(following)) == ("ended", outcomes["assign"])
    held = [deposit_of(each).held for each in (lease, *following)]
    assert held == ([0, 2000] if following else [2000])
    versions = LeaseVersion.objects.filter(lease=lease).values_list("version", flat=True)
    assert list(versions) == list(range(1, 3 + outcomes["amend"]))


def test_control_without_the_lock_each_finds_the_lease_running() -> None:
    lease = tenancies.active(site := scene.site(), scene.office(site))
    all_have_looked = threading.Barrier(10, timeout=60)

    def attempt(_number: int) -> bool:
        state = Lease.objects.get(pk=lease.pk).state
        all_have_looked.wait()
        return state == LeaseState.ACTIVE

    assert at_once(10, attempt) == [True] * 10


def test_walls_that_move_while_leases_are_signed_and_amended_deadlock_nothing() -> None:
    """Of splits one at most, and none where the next lease was signed before."""
    site = scene.site()
    space = scene.office(site, code="B101")
    lease = tenancies.active(site, space, months=12)
    amendments = _drafts(lease, 3)
    following = tenancies.drafted(site, space, start=lease.period.end)

    def act(number: int) -> str:
        what = ("split", "amend", "sign")[number % 3]
        try:
            if what == "split":
                parts = [(f"S{number}-{part}", Decimal(10)) for part in "AB"]
                split_space(space=space, parts=parts, since=today() + ONE_DAY, acting_user=None)
            elif what == "amend":
                draft = amendments[number // 3]
                sign_amendment(amendment=draft, signed_on=today(), acting_user=None)
            else:
                sign_lease(lease=following, signed_on=today(), acting_user=None)
        except DomainError as refusal:
            return f"{what}: {refusal.code}"
        return what

    outcomes = Counter(at_once(9, act))
    legality.check_all(legality.all_terms())
    following.refresh_from_db()
    if outcomes["split"]:
        assert (outcomes["split"], following.state) == (1, "draft")
        assert outcomes["sign: space_not_lettable"] == 3
    else:
        assert (outcomes["split: space_taken"], outcomes["sign"]) == (3, 3)
    assert outcomes["amend"] <= 1


def test_signed_and_withdrawn_at_once_one_wins_and_nothing_deadlocks() -> None:
    site = scene.site()
    files = [scene.application(site) for _round in range(6)]
    for file in files:
        accept_offer(offer=scene.offer(file, scene.office(site)), acting_user=None)
    drafts = {file.pk: Lease.objects.get(application=file) for file in files}

    def act(number: int) -> str:
        file = files[number // 2]
        try:
            if number % 2:
                withdraw(application=file, reason="Autre projet", acting_user=None)
            else:
                sign_lease(lease=drafts[file.pk], signed_on=today(), acting_user=None)
        except DomainError as error:
            return error.code
        return "done"

    answers = at_once(2 * len(files), act)
    for file, pair in zip(files, zip(answers[::2], answers[1::2], strict=True), strict=True):
        lease, kept = drafts[file.pk], Application.objects.get(pk=file.pk)
        lease.refresh_from_db()
        assert (pair, lease.state, kept.state) in [
            (("done", "lease_already_signed"), "signed", "onboarding"),
            (("wrong_lease_state", "done"), "cancelled", "withdrawn"),
        ]


def test_of_a_deposit_no_more_is_returned_at_once_than_is_held() -> None:
    site = scene.site()
    lease = tenancies.active(site, scene.office(site))
    assert deposit_of(lease).held == 2000

    def give_back(_number: int) -> str:
        try:
            _return_600(lease)
        except DepositNotHeld as refusal:
            return refusal.code
        return "returned"

    outcomes = at_once(10, give_back)
    assert sorted(outcomes) == ["deposit_not_held"] * 7 + ["returned"] * 3
    assert deposit_of(lease).held == 200


def test_control_without_the_lock_each_return_finds_enough() -> None:
    site = scene.site()
    lease = tenancies.active(site, scene.office(site))
    all_have_looked = threading.Barrier(10, timeout=60)

    def attempt(_number: int) -> bool:
        held = deposit_of(lease).held
        all_have_looked.wait()
        return held >= 600

    assert at_once(10, attempt) == [True] * 10


def _return_600(lease: Lease) -> None:
    enter_deposit(
        lease=lease,
        act=DepositAct.RETURNED,
        amount=Decimal(600),
        on=today(),
        note="x",
        acting_user=None,
    )


@pytest.mark.parametrize("returns", [0, 5])
def test_a_settlement_is_closed_once_and_what_it_keeps_goes_back_to_nobody(returns: int) -> None:
    """1500 of 2000 are kept, or three times 600 go back: whoever is first."""
    site = scene.site()
    lease = tenancies.active(site, scene.office(site))
    settlement = begin_settlement(lease=lease, acting_user=None)
    for _line in range(3):
        add_line(
            settlement=settlement,
            kind=SettlementLineKind.DAMAGE,
            words="x",
            amount=Decimal(500),
            acting_user=None,
        )

    def act(number: int) -> str:
        try:
            if number < returns:
                _return_600(lease)
                return "returned"
            close_settlement(settlement=settlement, on=today(), acting_user=None)
        except DomainError as refusal:
            return refusal.code
        return "closed"

    outcomes = Counter(at_once(10, act))
    account = deposit_of(lease)
    assert account.received == account.held + account.returned + account.kept == 2000
    if outcomes["closed"]:
        over = Counter(closed=1, settlement_over=9 - returns)
        assert outcomes == over + Counter(deposit_not_held=returns)
        assert account.kept == 1500
        assert lease.deposit_entries.filter(act=DepositAct.KEPT).count() == 3
    else:
        assert outcomes == Counter(returned=3, deposit_not_held=2, more_than_held=5)
        assert account.kept == 0
        assert account.returned == 1800
