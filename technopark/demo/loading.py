"""Writes the demo's story into the tables: in bulk, row for row as the services write them."""

import datetime as dt
import random
from collections import Counter as Tally
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from applications.terms import Terms, terms_of
from core.models import Counter
from core.periods import CASABLANCA, ONE_DAY, Period
from leases.choices import ChargeKind, DepositAct, DepositMethod, LeaseState
from leases.models import Charge, DepositEntry, Lease, LeaseVersion, Letting, RentStep
from leases.selectors.terms import rent_rhythm
from leases.terms import LeaseTerms, LettingTerms, as_json
from sites.choices import BookingKind, SpaceKind, TenantKind
from sites.models import (
    Booking,
    Floor,
    LettablePeriod,
    Measure,
    RatePlan,
    Site,
    Space,
)
from sites.rates import PlanStep, expand
from sites.rates import Step as RateStep
from technopark.demo import story, words
from technopark.demo.graduates import follow_up_graduates
from technopark.demo.rooms import DESK, KINDS, Room
from tenants.models import Company, Contact, Presence, Sector, Technology
from tenants.names import name_key

_FORMS: Final = ("sarl", "sarl", "sarl_au", "sarl_au", "sa", "sas")
GROWN: Final = frozenset({TenantKind.SME, TenantKind.LARGE})
_SITES: Final = "https://{slug}.example"

WAITING: Final = 3
"""Tenants, those that left last, whose deposit is still held."""


class Loader:
    """One run: the story told so far, and the rows that came of it."""

    def __init__(self, told: story.Story, today: dt.date) -> None:
        self.told = told
        self.today = today
        self.chance = random.Random(story.SEED)  # noqa: S311  a story, no secret
        self.sites = {site.code: site for site in Site.objects.all()}
        self.spaces: dict[tuple[str, str], Space] = {}
        self.companies: list[Company] = []
        self.plans = {
            (plan.site_id, plan.tenant_kind): plan
            for plan in RatePlan.objects.prefetch_related("steps").order_by("period")
        }

    def load(self) -> None:
        self._rooms()
        self._companies()
        self._leases()
        follow_up_graduates(self.today)
        self._works()

    # --- Space -------------------------------------------------------------------------------

    def _rooms(self) -> None:
        floors = {
            (floor.building.site.code, floor.code): floor
            for floor in Floor.objects.select_related("building__site")
        }
        desks = {(room.site, room.floor) for room in self.told.rooms if room.use == DESK}
        halls = {
            where: self._space(floors[where], f"H{where[1]}", SpaceKind.OPEN_FLOOR)
            for where in sorted(desks)
        }
        Space.objects.bulk_create(halls.values())
        for room in self.told.rooms:
            where = (room.site, room.floor)
            space = self._space(floors[where], room.code, KINDS[room.use])
            space.parent = halls[where] if room.use == DESK else None
            self.spaces[room.site, room.code] = space
        Space.objects.bulk_create(self.spaces.values())
        LettablePeriod.objects.bulk_create(
            LettablePeriod(space=self._space_of(room), period=Period(room.since))
            for room in self.told.rooms
        )
        Measure.objects.bulk_create(
            Measure(space=self._space_of(room), period=Period(room.since), area_m2=room.area_m2)
            for room in self.told.rooms
        )

    def _space(self, floor: Floor, code: str, kind: str) -> Space:
        return Space(
            site_id=floor.building.site_id,
            building_id=floor.building_id,
            floor=floor,
            code=code,
            kind=kind,
        )

    def _space_of(self, room: Room) -> Space:
        return self.spaces[room.site, room.code]

    # --- Companies ---------------------------------------------------------------------------

    def _companies(self) -> None:
        sectors = [_word(Sector, word) for word in words.SECTORS]
        technologies = [_word(Technology, word) for word in words.TECHNOLOGIES]
        called = words.names(self.chance)
        self.companies = [self._company(one, next(called)) for one in self.told.companies]
        Company.objects.bulk_create(self.companies)
        self._classify(Company.sectors.through, "sector_id", sectors, most=2)
        self._classify(Company.technologies.through, "technology_id", technologies, most=3)
        Contact.objects.bulk_create(
            Contact(company=row, name="Gérance", email=row.email, for_billing=True)
            for row in self.companies
        )
        Presence.objects.bulk_create(
            Presence(company=self.companies[one.number], site=self.sites[code], since=since)
            for one in self.told.companies
            for code, since in _presences(one).items()
        )

    def _company(self, one: story.Company, name: str) -> Company:
        slug = name_key(name).replace(" ", "-")
        return Company(
            name=name,
            name_key=name_key(name),
            legal_form=self.chance.choice(_FORMS),
            ice=words.ice(one.number) if self.chance.random() < 0.8 else "",
            address=f"{one.number % 90 + 1}, rue de la Démonstration",
            kind=one.kind,
            website=_SITES.format(slug=slug) if self.chance.random() < 0.7 else "",
            email=f"contact@{slug}.example",
            in_directory=one.gone is None and self.chance.random() < 0.6,
        )

    def _classify(self, through: Any, field: str, among: list[Any], *, most: int) -> None:
        through.objects.bulk_create(
            through(company_id=row.pk, **{field: word.pk})
            for row in self.companies
            for word in self.chance.sample(among, self.chance.randint(1, most))
        )

    # --- Leases ------------------------------------------------------------------------------

    def _leases(self) -> None:
        told = sorted(self.told.leases(), key=lambda one: (one.start, one.company.number))
        given: Tally[tuple[str, int]] = Tally()
        leases = []
        for one in told:
            given[one.site, one.start.year] += 1
            leases.append(self._lease(one, given[one.site, one.start.year]))
        terms = [self._terms(one) for one in told]
        for lease, of_lets in zip(leases, terms, strict=True):
            lease.deposit_due = sum((each.deposit for each in of_lets), Decimal(0))
        Lease.objects.bulk_create(leases)
        Counter.objects.bulk_create(
            Counter(scope=site, series="lease", year=year, last=last)
            for (site, year), last in given.items()
        )
        gone = sorted(
            filter(_left_with_deposit, leases), key=lambda lease: (lease.exit_on, lease.pk)
        )
        waits = {lease.pk for lease in gone[-WAITING:]}
        DepositEntry.objects.bulk_create(
            entry
            for lease in leases
            for entry in _deposit(lease, self.today, returned=lease.pk not in waits)
        )
        ids = iter(self._lettings(told, leases, terms))
        LeaseVersion.objects.bulk_create(
            version
            for one, lease, of_lets in zip(told, leases, terms, strict=True)
            for version in self._versions(one, lease, of_lets, list(islice(ids, len(one.lets))))
        )

    def _lease(self, one: story.Lease, number: int) -> Lease:
        state = LeaseState.ACTIVE
        if one.left is not None:
            state = LeaseState.ENDED
        elif one.start > self.today:
            state = LeaseState.SIGNED
        site = self.sites[one.site]
        # Every other company that is no start-up any more; who holds over has no such clause.
        ahead = one.end is not None and one.end > self.today
        goes_on = ahead and one.kind in GROWN and number % 2 == 0
        return Lease(
            number=f"{one.site}-{one.start.year}-{number:04d}",
            site=site,
            company=self.companies[one.company.number],
            tenant_kind=one.kind,
            tacit_months=12 if goes_on else None,
            maximum_stay_months=self.plans[site.pk, one.kind].maximum_stay_months,
            state=state,
            period=Period(one.start, one.end),
            signed_on=min(one.start - dt.timedelta(days=10), self.today),
            handed_over_on=None if state == LeaseState.SIGNED else one.start,
            exit_on=one.left,
            end_reason=one.why if one.left is not None else "",
        )

    def _terms(self, one: story.Lease) -> list[Terms]:
        """What was signed for each room, over the whole term."""
        plan = self.plans[self.sites[one.site].pk, one.kind]
        return [
            terms_of(
                self._steps(one, Period(one.start, one.end)),
                unit=plan.unit,
                area_m2=let.room.area_m2 if let.room else None,
                deposit_months=plan.deposit_months,
            )
            for let in one.lets
        ]

    def _steps(self, one: story.Lease, period: Period) -> list[RateStep]:
        """The start-up months count from the company's first day in the network."""
        plan = self.plans[self.sites[one.site].pk, one.kind]
        return expand(
            [PlanStep(step.after_months, step.rate) for step in plan.steps.all()],
            period=period,
            counted_from=one.company.since if one.kind == story.STARTUP else period.start,
        )

    def _lettings(
        self, told: list[story.Lease], leases: list[Lease], terms: list[list[Terms]]
    ) -> list[tuple[int, int]]:
        """The ids of each letting and of its rent charge."""
        bookings, lettings, steps = [], [], []
        for one, lease, of_lets in zip(told, leases, terms, strict=True):
            for let, each in zip(one.lets, of_lets, strict=True):
                period = self._time_there(one, let)
                booking = None
                if let.room is not None:
                    booking = Booking(
                        space=self._space_of(let.room),
                        period=period,
                        kind=BookingKind.LETTING,
                        label=lease.number,
                    )
                    bookings.append(booking)
                letting = Letting(
                    lease=lease,
                    space=booking.space if booking else None,
                    booking=booking,
                    period=period,
                    tenant_kind=one.kind,
                    area_m2=each.area_m2,
                )
                lettings.append(letting)
                steps += [
                    RentStep(letting=letting, period=step.period, unit=each.unit, rate=step.rate)
                    for step in self._steps(one, period)
                ]
        Booking.objects.bulk_create(bookings)
        for letting in lettings:
            letting.booking_id = letting.booking.pk if letting.booking else None
        Letting.objects.bulk_create(lettings)
        for step in steps:
            step.letting_id = step.letting.pk
        RentStep.objects.bulk_create(steps)
        rents = Charge.objects.bulk_create(
            Charge(
                lease=letting.lease,
                letting=letting,
                kind=ChargeKind.RENT,
                vat_subject=rent_rhythm(letting.space).vat_subject,
            )
            for letting in lettings
        )
        return [(let.pk, rent.pk) for let, rent in zip(lettings, rents, strict=True)]

    def _time_there(self, one: story.Lease, let: story.Let) -> Period:
        """A tenant holding over is carried on through today, as the nightly job does."""
        end = let.end
        if one.left is None and end is not None and end <= self.today:
            end = self.today + ONE_DAY
        return Period(let.start, end)

    def _versions(
        self, one: story.Lease, lease: Lease, terms: list[Terms], ids: list[tuple[int, int]]
    ) -> Iterator[LeaseVersion]:
        def over(period: Period, let: story.Let, each: Terms, known: tuple[int, int]) -> Any:
            space = self._space_of(let.room) if let.room else None
            return LettingTerms(
                id=known[0],
                charge_id=known[1],
                space_id=space.pk if space else None,
                space=space.code if space else None,
                tenant_kind=one.kind,
                area_m2=each.area_m2,
                period=period,
                unit=each.unit,
                steps=tuple(self._steps(one, period)),
                rhythm=rent_rhythm(space),
            )

        term = Period(one.start, one.end)
        lets = list(zip(one.lets, terms, ids, strict=True))
        assert lease.signed_on is not None
        signed = tuple(over(term, *row) for row in lets)
        yield _version(lease, 1, signed, "signed", lease.signed_on)
        if one.left is not None:
            ended = tuple(over(Period(row[0].start, row[0].end), *row) for row in lets)
            yield _version(lease, 2, ended, f"ended: {one.why}", one.left)

    def _works(self) -> None:
        Booking.objects.bulk_create(
            Booking(
                space=self._space_of(room),
                period=Period(start, end),
                kind=BookingKind.OUT_OF_SERVICE,
                label="travaux",
            )
            for room, start, end in self.told.works
        )


def _left_with_deposit(lease: Lease) -> bool:
    return bool(lease.exit_on and lease.handed_over_on and lease.deposit_due >= 2000)


def _deposit(lease: Lease, today: dt.date, *, returned: bool) -> Iterator[DepositEntry]:
    """Paid before the keys went out, given back after they came in."""
    if lease.handed_over_on is None or not lease.deposit_due:
        return
    paid = {"lease": lease, "amount": lease.deposit_due, "method": DepositMethod.TRANSFER}
    yield DepositEntry(act=DepositAct.RECEIVED, on=lease.handed_over_on, **paid)
    if lease.exit_on is not None and returned:
        back = min(lease.exit_on + dt.timedelta(days=30), today)
        yield DepositEntry(act=DepositAct.RETURNED, on=back, note="restitution", **paid)


def _version(
    lease: Lease, number: int, lettings: tuple[LettingTerms, ...], reason: str, known: dt.date
) -> LeaseVersion:
    terms = LeaseTerms(
        company_id=lease.company_id,
        tenant_kind=lease.tenant_kind,
        period=lease.period,
        deposit_due=lease.deposit_due,
        lettings=lettings,
        tacit_months=lease.tacit_months,
    )
    return LeaseVersion(
        lease=lease,
        version=number,
        terms=as_json(terms),
        reason=reason,
        known_from=dt.datetime.combine(known, dt.time(12), CASABLANCA),
    )


def _presences(one: story.Company) -> dict[str, dt.date]:
    """The sites of a company, with its first day at each."""
    first: dict[str, dt.date] = {}
    for lease in one.leases:
        first[lease.site] = min(lease.start, first.get(lease.site, lease.start))
    return first


def _word(model: type[Any], word: tuple[str, str, str, str]) -> Any:
    code, french, arabic, english = word
    row, _made = model.objects.get_or_create(
        code=code, defaults={"name_fr": french, "name_ar": arabic, "name_en": english}
    )
    return row
