"""Random acts on random leases, for years: what they make due is what counting the days says, what
was known stays known, and nothing is let twice."""

import datetime as dt
import os
from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar, Final

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from core.errors import DomainError
from core.periods import Period, today
from leases.choices import AmendmentKind, DepositAct
from leases.flaws import same_before
from leases.models import Amendment, Lease
from leases.rent import rent_due
from leases.selectors.deposits import deposit_of
from leases.selectors.statements import vat_table
from leases.selectors.terms import terms_known_on, terms_of
from leases.services.amendments import draft_amendment, drop_amendment, sign_amendment
from leases.services.assignment import assign_lease
from leases.services.drafts import cancel_lease
from leases.services.holding_over import carry_on
from leases.services.renewals import renew_tacitly
from leases.services.reversals import take_back_end, take_back_handover
from leases.terms import LeaseTerms
from sites.models import Site, Space
from sites.services.spaces import measure
from sites.services.splitting import merge_spaces, split_space
from tests.factories import scene
from tests.leases import hub, legality
from tests.leases.acts import ACTS, AHEAD, BACK, CHANGES, Wish

NOON: Final = dt.datetime(2026, 1, 15, 12, tzinfo=dt.UTC)
EVER: Final = Period(dt.date(2024, 1, 1), dt.date(2032, 1, 1))
LEASES: Final = 6
"""Of each run, drafted when it begins; assignments add others."""
LATER: Final = dt.date(2100, 1, 1)
OTHERS: Final = (
    *("amend", "assign", "undo assignment", "measure", "split", "merge", "walls of a let space"),
    *("night", "renew", "hold over"),
)
"""What happens beside the acts on one lease and the changes that are drafted."""

number = st.integers(0, 60)
picks = st.integers(0, 60)
amounts = st.decimals("0.01", "400", places=2)
near = st.integers(-400, 400)
"""A day, counted from today."""
changes = st.sampled_from(sorted(CHANGES))
drafts = st.tuples(
    st.sampled_from(hub.KINDS),
    st.sets(st.integers(0, hub.ROOMS - 1), max_size=1),
    st.integers(-300, 40),
    st.none() | st.integers(1, 24),
    st.none() | st.integers(1, 12),
)
"""What a lease wants when the hub opens."""
wishes = st.tuples(near, amounts, picks)
Wanted = tuple[int, Decimal, int]


class Tenancies(RuleBasedStateMachine):
    """A hub of eight rooms with awkward m² and rates, four desks, and six leases that want them."""

    signed: ClassVar[int] = 0
    """Leases that were signed, and compared with the oracle after whatever changed them."""
    happened: ClassVar[Counter[str]] = Counter()

    site: Site
    spaces: list[Space]
    leases: list[Lease]

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(NOON, tick=False)
        self.now = self.clock.start()
        self.before = transaction.savepoint()
        self.sound = False
        self.held: dict[int, Decimal] = defaultdict(Decimal)
        self.terms: dict[int, LeaseTerms] = {}
        self.known: dict[tuple[int, dt.date], LeaseTerms | None] = {}
        self.versions: Any = []
        self.looked_at = Period(today(), today() + dt.timedelta(days=90))

    @initialize(
        wanted=st.lists(
            st.tuples(drafts, st.integers(1, len(AHEAD))),
            min_size=LEASES,
            max_size=LEASES,
        )
    )
    def open_the_hub(self, wanted: list[tuple[hub.Wanted, int]]) -> None:
        self.site, self.spaces = hub.opened()
        self.vat = vat_table(self.site.lessor_id)
        self.leases = [
            hub.drafted(self.site, self.spaces, number, each)
            for number, (each, _ahead) in enumerate(wanted)
        ]
        self.seen = legality.written()
        self._check(legality.all_terms())
        for position, (_lease, ahead) in enumerate(wanted):
            self.a_lease_goes_ahead(position, ahead)

    # --- Acts -----------------------------------------------------------------------------------

    @rule(number=number, act=st.sampled_from(sorted(ACTS)), days=near, amount=amounts, pick=picks)
    def somebody_acts(self, number: int, act: str, days: int, amount: Decimal, pick: int) -> None:
        self._act(self._lease(number), act, _wish(days, amount, pick))

    def _act(self, lease: Lease, act: str, wish: Wish) -> bool:
        entries = lease.deposit_entries.count()
        done = self._done(lambda: ACTS[act](lease, wish), act, lease)
        if done:
            for entry in lease.deposit_entries.order_by("id")[entries:]:
                came = (entry.act == DepositAct.RECEIVED) == (entry.reverses_id is None)
                self.held[lease.pk] += entry.amount if came else -entry.amount
            account = deposit_of(lease)
            assert account.held == self.held[lease.pk] >= 0
            assert account.received == account.held + account.returned + account.kept

        return done

    @rule(number=number, act=st.sampled_from(sorted(BACK)), wanted=wishes)
    def somebody_thinks_better_of_it(self, number: int, act: str, wanted: Wanted) -> None:
        """Taken back, it is as it was."""
        lease, wish = self._lease(number), _wish(*wanted)
        was = self.terms[lease.pk]
        if self._act(lease, act, wish) and self._act(lease, BACK[act], wish):
            assert same_before(self.terms[lease.pk], was, was.period.end or LATER)

    @rule(number=number, steps=st.integers(1, len(AHEAD)))
    def a_lease_goes_ahead(self, number: int, steps: int) -> None:
        for act in AHEAD[:steps]:
            self.somebody_acts(number, act, 0, Decimal(100), 1)

    @rule(amendments=st.lists(st.tuples(number, changes, st.none() | changes, wishes), min_size=2))
    def somebody_amends(self, amendments: list[tuple[int, str, str | None, Wanted]]) -> None:
        for number, change, instead, wanted in amendments:
            self._amend(self._lease(number), filter(None, (instead, change)), _wish(*wanted))

    def _amend(self, lease: Lease, names: Iterable[str], wish: Wish) -> None:
        """Days before the one it takes effect on bring what they brought; of two drafts upon the
        same terms the second is refused once the first is signed."""
        was = self.terms[lease.pk]
        drafts = []

        def draft(name: str) -> None:
            since, after = CHANGES[name](self, lease, was, wish)
            drafts.append(
                draft_amendment(
                    lease=lease,
                    kind=AmendmentKind.CORRECTION,
                    effective_on=since,
                    after=after,
                    reason="x",
                    acting_user=None,
                )
            )

        for name in names:
            self._done(partial(draft, name), f"draft: {name}", lease)
        signed = None
        for made in reversed(drafts):
            if self._done(partial(_sign, made), "amend", lease):
                assert signed is None
                signed = made
        for made in drafts:
            if made != signed:
                assert self._done(partial(_drop, made), "drop", lease)
        if signed is not None and was.period.start < signed.effective_on:
            past = Period(was.period.start, signed.effective_on)
            assert self._charged(self.terms[lease.pk], past) == self._charged(was, past)

    @rule(number=number, days=near, undone=st.booleans())
    def another_company_goes_on(self, number: int, days: int, undone: bool) -> None:
        """The two leases bring what the one would have brought; undone, it is as it was."""
        lease = self._lease(number)
        was, there = self.terms[lease.pk], (today() - lease.period.start).days
        since = today() - dt.timedelta(days=abs(days) % max(there, 1))
        made: list[Lease] = []

        def assign() -> None:
            company = scene.company()
            made.append(
                assign_lease(
                    lease=lease, company=company, since=since, reason="x", acting_user=None
                )
            )

        if not self._done(assign, "assign"):
            return
        (following,) = made
        self.leases += made
        self._says_the_same(following)
        self.held[following.pk] = self.held.pop(lease.pk, Decimal(0))
        assert deposit_of(following).held == self.held[following.pk]
        assert deposit_of(lease).held == 0
        one, other = self.terms[lease.pk], self.terms[following.pk]
        assert sorted(self._charged(one, EVER) + self._charged(other, EVER)) == sorted(
            self._charged(was, Period(EVER.start, since))
            + self._charged(was, Period(since, EVER.end))
        )
        if undone:
            assert self._done(partial(_take_assignment_back, lease, following), "undo assignment")
            self.held[lease.pk] = self.held.pop(following.pk)
            assert deposit_of(lease).held == self.held[lease.pk]
            assert same_before(self.terms[lease.pk], was, was.period.end or LATER)

    @rule(pick=picks, area=amounts, days=near)
    def a_space_is_measured_again(self, pick: int, area: Decimal, days: int) -> None:
        was = dict(self.terms)
        space = self.spaces[pick % len(self.spaces)]
        since = today() + dt.timedelta(days=days)
        act = partial(measure, space=space, area_m2=area, since=since, acting_user=None)
        self._done(act, "measure")
        assert self.terms == was

    @rule(merged=st.booleans(), pick=picks, days=near, share=st.integers(1, 9))
    def walls_move(self, merged: bool, pick: int, days: int, share: int) -> None:
        """What is charged stays, to the centime."""
        was = dict(self.terms)
        since = today() + dt.timedelta(days=days)
        one, other = (self.spaces[(pick + n) % len(self.spaces)] for n in (0, 1 + share % 3))
        code = f"N{len(self.spaces)}"

        def move() -> None:
            given: dict[str, Any] = {"since": since, "acting_user": None, "note": "x"}
            if merged:
                area = Decimal(share * 7)
                self.spaces.append(
                    merge_spaces(spaces=[one, other], code=code, area_m2=area, **given)
                )
            else:
                parts = [(f"{code}{n}", Decimal(share + n)) for n in range(2 + share % 2)]
                self.spaces += split_space(space=one, parts=parts, **given)

        self._done(move, "merge" if merged else "split")
        for pk, terms in was.items():
            if self.terms[pk] != terms:
                self.happened["walls of a let space"] += 1
                assert legality.brought(rent_due(self.terms[pk], EVER, self.vat)) == (
                    legality.brought(rent_due(terms, EVER, self.vat))
                )

    @rule(days=st.integers(1, 150))
    def days_go_by(self, days: int) -> None:
        """The nightly job renews who says so and carries on who holds over. What is known stays
        known: that is asked in the end."""
        for lease in self.leases:
            self.known[lease.pk, today()] = terms_known_on(lease, today())
        self.now.shift(dt.timedelta(days=days))
        was = dict(self.terms)
        assert self._done(self._night, "night")
        for pk, terms in self.terms.items():
            until = was[pk].period.end
            if was[pk] != terms:
                assert until is not None
                assert until <= today()
                past = Period(was[pk].period.start, until)
                assert self._charged(terms, past) == self._charged(was[pk], past)
                self.happened["hold over" if terms.period.end == until else "renew"] += 1

    def _night(self) -> None:
        refused = renew_tacitly()
        carry_on()
        due = Lease.objects.to_renew_tacitly(today()).values_list("number", flat=True)
        assert set(due) == set(refused)

    @rule(first=near, length=st.integers(1, 200))
    def somebody_looks_at_a_period(self, first: int, length: int) -> None:
        start = today() + dt.timedelta(days=first)
        self.looked_at = Period(start, start + dt.timedelta(days=length))
        for lease in self.leases:
            self._says_the_same(lease)

    # --- What holds ------------------------------------------------------------------------------

    def _lease(self, position: int) -> Lease:
        row = self.leases[position % len(self.leases)]
        return Lease.objects.select_related("site").get(pk=row.pk)

    def _charged(self, terms: LeaseTerms, days: Period) -> list[legality.Money]:
        return legality.charged(rent_due(terms, days, self.vat))

    def _done(self, act: Any, what: str, lease: Lease | None = None) -> bool:
        """Whether the act was not refused; refused, it has changed nothing. Of an act on one lease
        that one is looked at; that the others stayed as they were is asked in the end."""
        self.sound = False
        try:
            act()
        except DomainError:
            assert legality.written() == self.seen
            self.sound = True
            return False
        self.happened[what] += 1
        seen = legality.written()
        if seen != self.seen:
            self.seen = seen
            self._check(
                {lease.pk: terms_of(Lease.objects.get(pk=lease.pk))}
                if lease is not None
                else legality.all_terms()
            )
        self.sound = True
        return True

    def _check(self, found: dict[int, LeaseTerms]) -> None:
        legality.check_all(found)
        versions = legality.versions()
        grown = [row for row in versions if row in self.versions]
        assert grown == self.versions
        self.versions = versions
        was, self.terms = self.terms, self.terms | found
        for lease in self.leases:
            if self.terms[lease.pk] != was.get(lease.pk):
                self._says_the_same(lease)

    def _says_the_same(self, lease: Lease) -> None:
        lease.refresh_from_db(fields=["state", "cancelled_at"])
        terms = self.terms[lease.pk]
        legality.says_what_counting_the_days_says(lease, terms, self.looked_at, self.vat)

    def teardown(self) -> None:
        try:
            if self.sound:  # else the failure itself is told
                assert legality.all_terms() == self.terms
            for (pk, day), terms_then in self.known.items():
                assert terms_known_on(Lease(pk=pk), day) == terms_then
            type(self).signed += len({lease for lease, *_version in self.versions})
        finally:
            self.clock.stop()
            transaction.savepoint_rollback(self.before)


def _wish(days: int, amount: Decimal, pick: int) -> Wish:
    return Wish(today() + dt.timedelta(days=days), amount, pick)


def _sign(amendment: Amendment) -> None:
    sign_amendment(amendment=amendment, signed_on=today(), acting_user=None)


def _drop(amendment: Amendment) -> None:
    drop_amendment(amendment=amendment, acting_user=None)


def _take_assignment_back(lease: Lease, following: Lease) -> None:
    with transaction.atomic():
        take_back_handover(lease=following, reason="x", acting_user=None)
        cancel_lease(lease=following, reason="x", acting_user=None)
        take_back_end(lease=lease, reason="x", acting_user=None)


def _run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Tenancies,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=[Phase.generate],
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_random_acts_on_random_leases() -> None:
    _run(examples=2, steps=12)


@pytest.mark.torture
@pytest.mark.django_db
def test_random_acts_on_two_thousand_leases() -> None:
    """Counted are those that were signed; and each act was done, not only tried."""
    wanted = 40 if os.environ.get("TORTURE") == "bounded" else 2000
    Tenancies.signed = 0
    Tenancies.happened.clear()
    while Tenancies.signed < wanted:
        _run(examples=10, steps=20)
    if wanted == 2000:
        drafted = (f"draft: {name}" for name in CHANGES)
        assert {*ACTS, *drafted, *OTHERS} <= Tenancies.happened.keys()
