"""What happened in the demo's hubs, month by month, from 2001 to today. Pure.

Seeded: the same days give the same story, whatever day it is told. The milestones are those the
network's director gave in 2018 (three hubs, 300 companies, more than 200 of them in Casablanca,
more than 70 newcomers a year, turnover of 25 %, more than 1,000 companies since 2001); what lies
between is invented. "More than 100 in Tanger" of the same interview cannot all be hosted beside the
total: it is told with those who have a desk or their address there, which no figure counts as
hosted.
"""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from core.periods import ONE_DAY, add_months, first_of_month
from technopark.demo.rooms import (
    DESK,
    HUBS,
    LARGE,
    MEDIUM,
    SHOP,
    SMALL,
    STORAGE,
    SUPPORT,
    Room,
    rooms_of,
)

SEED: Final = 2018
STARTUP, SME, BIG, COWORKING, DOMICILED, HELPER = [
    "startup",
    "sme",
    "large",
    "coworking",
    "domiciliation",
    "support",
]
_HOSTED: Final = {STARTUP, SME, BIG}
_ROOMS_FOR: Final = {
    STARTUP: (SMALL, MEDIUM),
    SME: (MEDIUM, SMALL, LARGE),
    BIG: (LARGE, MEDIUM),
    HELPER: (SUPPORT,),
    COWORKING: (DESK,),
}
_TERM: Final = {STARTUP: 36, SME: 36, BIG: 60, COWORKING: 6, DOMICILED: 24}  # months

# How many companies each hub hosts on the last day of a month; straight lines between.
_HOSTED_ON: Final = {
    "CAS": {
        (2001, 9): 0, (2001, 12): 24, (2002, 12): 70, (2003, 12): 105, (2004, 12): 130,
        (2005, 12): 150, (2006, 12): 165, (2007, 12): 175, (2008, 12): 180, (2010, 12): 188,
        (2012, 12): 198, (2014, 12): 202, (2017, 7): 202, (2018, 7): 204, (2018, 12): 212,
        (2019, 12): 220, (2020, 12): 213, (2022, 12): 220, (2026, 12): 231,
    },
    "RAB": {
        (2011, 12): 0, (2012, 12): 14, (2013, 12): 24, (2015, 12): 33, (2017, 7): 36,
        (2018, 7): 37, (2018, 12): 43, (2020, 12): 49, (2024, 12): 57, (2026, 12): 59,
    },
    "TNG": {
        (2014, 12): 0, (2015, 12): 22, (2016, 12): 41, (2017, 7): 52, (2018, 7): 59,
        (2018, 12): 65, (2020, 12): 76, (2024, 12): 90, (2026, 12): 93,
    },
    "AGA": {(2020, 12): 0, (2021, 12): 19, (2023, 12): 46, (2026, 12): 66},
}  # fmt: skip
# Months in which a company of Casablanca opens a second office in Tanger: two sites, one company.
_BRANCHES: Final = {(2017, 3), (2017, 11), (2018, 2), (2018, 5), (2021, 9), (2024, 4)}
# Newcomers a year who take the place of those who leave, as a share of the hosted.
_CHURN: Final = ((2001, 0.26), (2015, 0.215), (2019, 0.20))
# From which year on a hub has members with a desk, or domiciled ones, and how many at most.
_MEMBERS: Final = {
    "TNG": ((COWORKING, 2015, 12), (DOMICILED, 2015, 36)),
}
_MEMBERS_ELSEWHERE: Final = ((COWORKING, 2023, 12), (DOMICILED, 2024, 5))
_FULL: Final = 0.93  # of the lettable m², what growing companies take of the free rooms


@dataclass(slots=True)
class Let:
    """A room under a lease, `end` excluded (None: open-ended)."""

    room: Room | None
    start: dt.date
    end: dt.date | None


@dataclass(slots=True)
class Lease:
    """`end` is the day after the term; `left` the last day there, None while it goes on."""

    company: "Company"
    site: str
    kind: str
    start: dt.date
    end: dt.date | None
    lets: list[Let]
    left: dt.date | None = None
    why: str = ""


@dataclass(slots=True)
class Company:
    """`number` is its place in the order of arrival."""

    number: int
    kind: str
    site: str
    since: dt.date
    leases: list[Lease] = field(default_factory=list)
    gone: dt.date | None = None

    def running(self) -> list[Lease]:
        return [lease for lease in self.leases if lease.left is None]


@dataclass(slots=True)
class Story:
    rooms: list[Room]
    companies: list[Company]
    works: list[tuple[Room, dt.date, dt.date]]
    """Rooms out of service, the end excluded."""

    def leases(self) -> Iterator[Lease]:
        for company in self.companies:
            yield from company.leases


def tell(until: dt.date) -> Story:
    """Everything up to `until`; a lease may start later in that month."""
    return _Teller(until).tell()


class _Teller:
    def __init__(self, until: dt.date) -> None:
        self.until = until
        self.chance = random.Random(SEED)  # noqa: S311  a story, no secret
        self.rooms = [room for hub in HUBS for room in rooms_of(hub, self.chance)]
        self.free: dict[str, dict[str, list[Room]]] = {hub.code: defaultdict(list) for hub in HUBS}
        self.unopened = sorted(self.rooms, key=lambda room: room.since, reverse=True)
        self.here: dict[str, list[Company]] = {hub.code: [] for hub in HUBS}
        self.let_m2: dict[str, float] = dict.fromkeys(self.here, 0.0)
        self.open_m2: dict[str, float] = dict.fromkeys(self.here, 0.0)
        self.owed: dict[str, float] = dict.fromkeys(self.here, 0.0)
        self.story = Story(self.rooms, [], [])
        self.returning: list[tuple[dt.date, Room]] = []

    def tell(self) -> Story:
        month = dt.date(2001, 10, 1)
        while month <= self.until:
            self._open_rooms(month)
            for hub in HUBS:
                if month >= hub.stages[0][0]:
                    self._month_of(hub.code, month)
            month = add_months(month, 1)
        return self.story

    def _open_rooms(self, month: dt.date) -> None:
        while self.unopened and self.unopened[-1].since <= month:
            room = self.unopened.pop()
            self.open_m2[room.site] += float(room.area_m2)
            self.free[room.site][room.use].append(room)
        for day, room in [item for item in self.returning if item[0] <= month]:
            self.returning.remove((day, room))
            self.free[room.site][room.use].append(room)

    def _month_of(self, site: str, month: dt.date) -> None:
        newcomers, leavers = self._movements(site, month)
        self._leave(site, month, leavers)
        self._terms_end(site, month)
        for number in range(newcomers):
            self._arrive(site, add_days(month, 14 * (number % 2)))
        self._helpers_and_members(site, month)
        if site == "TNG" and (month.year, month.month) in _BRANCHES:
            self._branch(month)
        self._grow(site, month)
        self._works(site, month)

    def _movements(self, site: str, month: dt.date) -> tuple[int, int]:
        """How many come this month, and how many left on its eve."""
        hosted = len(self._hosted(site))
        target = _target(site, month)
        churn = next(share for year, share in reversed(_CHURN) if month.year >= year)
        self.owed[site] += churn / 12 * hosted
        replaced = int(self.owed[site])
        newcomers = max(replaced + target - hosted, 0)
        self.owed[site] -= replaced
        return newcomers, max(hosted + newcomers - target, 0)

    def _hosted(self, site: str) -> list[Company]:
        return [company for company in self.here[site] if company.kind in _HOSTED]

    def _leave(self, site: str, month: dt.date, count: int) -> None:
        settled = [c for c in self._hosted(site) if c.since < add_months(month, -5)]
        for _leaver in range(min(count, len(settled))):
            weights = [_restless(company, month) for company in settled]
            company = self.chance.choices(settled, weights)[0]
            settled.remove(company)
            self._depart(company, month)

    def _depart(self, company: Company, month: dt.date) -> None:
        why = self.chance.choice(("fin de bail", "locaux plus grands en ville", "cessation"))
        for lease in company.running():
            self._close(lease, month, why)
        company.gone = month - ONE_DAY
        self.here[company.site].remove(company)

    def _close(self, lease: Lease, day: dt.date, why: str) -> None:
        """The last day is the eve of `day`; the rooms are free from it on."""
        lease.left = day - ONE_DAY
        lease.why = why
        for let in lease.lets:
            # Cut short, or held over past the term.
            if let.end is None or let.end > day or let.end == lease.end:
                let.end = day
            if let.room is not None:
                self.let_m2[lease.site] -= float(let.room.area_m2)
                self.free[lease.site][let.room.use].append(let.room)

    def _terms_end(self, site: str, month: dt.date) -> None:
        """Terms that ended are renewed; near today some tenants simply stay on."""
        recent = month > add_months(first_of_month(self.until), -4)
        for company in list(self.here[site]):
            ended = [
                lease for lease in company.running() if lease.end is not None and lease.end <= month
            ]
            dice = self.chance.random()
            for lease in ended:
                if recent and dice < 0.25 and company.kind != COWORKING:
                    continue  # holding over
                if lease.kind == COWORKING and dice < 0.6:
                    self._depart(company, month)
                    break
                self._renew(company, lease, moves=dice > 0.9 and lease.end == month)

    def _renew(self, company: Company, lease: Lease, *, moves: bool) -> None:
        day = lease.end
        assert day is not None
        rooms = [let.room for let in lease.lets]
        self._close(lease, day, "renouvellement")
        if company.kind == STARTUP and add_months(company.since, 60) <= day:
            company.kind = SME
        kept: list[Room | None] = []
        for room in rooms:
            other = self._take(lease.site, (room.use,)) if room is not None and moves else None
            if room is not None and other is None:
                self.free[room.site][room.use].remove(room)
                other = room
            kept.append(other)
        self._sign(company, kept, day, site=lease.site)

    def _arrive(self, site: str, day: dt.date) -> None:
        roll = self.chance.random()
        kind = STARTUP if roll < 0.66 else SME if roll < 0.93 else BIG
        room = self._take(site, _ROOMS_FOR[kind])
        if room is None:
            kind = STARTUP
            room = self._take(site, (SMALL, MEDIUM, LARGE, SHOP, STORAGE))
        if room is None:
            return  # the hub is full: the next month's target makes up for it
        self._sign(self._newcomer(site, kind, day), [room], day)

    def _newcomer(self, site: str, kind: str, day: dt.date) -> Company:
        company = Company(len(self.story.companies), kind, site, day)
        self.story.companies.append(company)
        self.here[site].append(company)
        return company

    def _branch(self, month: dt.date) -> None:
        one_site = [c for c in self._hosted("CAS") if c.kind != STARTUP and len(c.running()) == 1]
        room = self._take("TNG", (MEDIUM, SMALL))
        if room is not None and one_site:
            self._sign(self.chance.choice(one_site), [room], month, site="TNG")

    def _take(self, site: str, uses: tuple[str, ...]) -> Room | None:
        for use in uses:
            rooms = self.free[site][use]
            if rooms:
                return rooms.pop(self.chance.randrange(len(rooms)))
        return None

    def _sign(
        self,
        company: Company,
        rooms: list[Room | None],
        day: dt.date,
        *,
        end: dt.date | None = None,
        site: str = "",
    ) -> None:
        months = _TERM.get(company.kind)
        # Terms end with a month, whatever the day they began on.
        whole = first_of_month(day + dt.timedelta(days=17))
        term = end or (add_months(whole, months) if months else None)
        lets = [Let(room, day, term) for room in rooms]
        where = site or company.site
        company.leases.append(Lease(company, where, company.kind, day, term, lets))
        self.let_m2[where] += sum(float(room.area_m2) for room in rooms if room)

    def _grow(self, site: str, month: dt.date) -> None:
        """Companies that do well take a second room, for what is left of their term."""
        growing = [c for c in self._hosted(site) if c.kind != STARTUP or self.chance.random() < 0.2]
        self.chance.shuffle(growing)
        for company in growing[:4]:
            if self.let_m2[site] > _FULL * self.open_m2[site]:
                return
            main = company.running()[0]
            if main.end is None or main.end < add_months(month, 6) or main.start >= month:
                continue
            if len(company.running()) > 3:
                continue
            room = self._take(site, (LARGE, MEDIUM, STORAGE, SHOP, SMALL))
            if room is None:
                return
            self._sign(company, [room], month, end=main.end)

    def _helpers_and_members(self, site: str, month: dt.date) -> None:
        while self.free[site][SUPPORT]:
            room = self._take(site, (SUPPORT,))
            self._sign(self._newcomer(site, HELPER, month), [room], month)
        for kind, since, most in _MEMBERS.get(site, _MEMBERS_ELSEWHERE):
            present = sum(company.kind == kind for company in self.here[site])
            if month.year < since or present >= most:
                continue
            room = self._take(site, (DESK,)) if kind == COWORKING else None
            if kind == DOMICILED or room is not None:
                self._sign(self._newcomer(site, kind, month), [room], month)

    def _works(self, site: str, month: dt.date) -> None:
        """Twice a year a free room is repaired for three months."""
        if month.month % 6 != 5:
            return
        room = self._take(site, (MEDIUM, SMALL))
        if room is not None:
            end = add_months(month, 3)
            self.story.works.append((room, month, end))
            self.returning.append((end, room))


def add_days(day: dt.date, days: int) -> dt.date:
    return day + dt.timedelta(days=days)


def _target(site: str, month: dt.date) -> int:
    """Hosted on the month's last day, on the straight line between two milestones."""
    at = month.year * 12 + month.month
    stones = [(year * 12 + number, count) for (year, number), count in _HOSTED_ON[site].items()]
    for (before, low), (after, high) in pairwise(stones):
        if before <= at <= after:
            return round(low + (high - low) * (at - before) / (after - before))
    return stones[-1][1]


def _restless(company: Company, month: dt.date) -> float:
    """Start-ups are expected to leave after five years; some fail in their second."""
    months = (month.year - company.since.year) * 12 + month.month - company.since.month
    weight = 1.0
    if months >= 60:
        weight += 5 if company.kind in {STARTUP, SME} else 1
    elif 12 <= months < 24:
        weight += 1
    if any(lease.end == month for lease in company.running()):
        weight += 3
    return weight
