"""The waiting list beside the spaces that free up: who could come next, and why others not."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Subquery

from applications.matching import Match, Vacancy, Wish, match
from applications.models import Decision, Place
from applications.querysets import PlaceQuerySet
from applications.selectors.terms import usual_period
from core.periods import Period, today
from sites.models import Booking, Space

AHEAD: Final = dt.timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody on the list, and whether the space suits them."""

    place: Place
    match: Match

    @property
    def misfits(self) -> list[str]:
        """Why not, in words."""
        return [str(misfit.label) for misfit in self.match.misfits]


@dataclass(frozen=True, slots=True)
class Freeing:
    """A space that is free for good from a day on, and what the list says to it."""

    space: Space
    frees_on: dt.date
    after_id: int | None
    """The booking that ends then; none: it was never taken."""
    candidates: tuple[Candidate, ...]

    @property
    def fitting(self) -> list[Candidate]:
        return [each for each in self.candidates if each.match.fits]

    @property
    def others(self) -> list[Candidate]:
        return [each for each in self.candidates if not each.match.fits]

    @property
    def offer_query(self) -> str:
        """What the page of making an offer is asked with: from when until when."""
        period = usual_period(max(self.frees_on, today()))
        return f"start={period.start}&last_day={period.last_day}"


def ranked(places: PlaceQuerySet) -> PlaceQuerySet:
    """With `ends_on`, the last day of the place, and `of`, how many stand on its list."""
    decision = Decision.objects.in_force().filter(application=OuterRef("application"))
    here = Place.objects.standing().filter(site=OuterRef("site")).order_by().values("site")
    return places.annotate(
        ends_on=Subquery(decision.values("until")[:1]),
        of=Subquery(here.annotate(n=Count("pk")).values("n")),
    )


def freeing_spaces(user: Any, *, site_ids: Iterable[int] | None = None) -> list[Freeing]:
    """The spaces, free now or within 90 days, that suit somebody on their site's list.

    Only what the user may see of both; the earliest first; four queries however many.
    """
    waiting = Place.objects.visible_to(user).standing().select_related("application")
    if site_ids is not None:
        waiting = waiting.filter(site__in=site_ids)
    lists: dict[int, list[Place]] = defaultdict(list)
    for place in waiting.order_by("site", "rank"):
        lists[place.site_id].append(place)
    if not lists:
        return []
    on = today()
    found = []
    for space in _free_by(on + AHEAD, user, lists):
        frees_on = _day_it_frees(space)
        lettable = any(max(frees_on, on) in row.period for row in space.lettable_periods.all())
        if not lettable:
            continue
        vacancy = Vacancy(kind=space.kind, area_m2=space.area_m2, frees_on=frees_on)
        candidates = _candidates(lists[space.site_id], vacancy, on)
        if candidates and candidates[0].match.fits:
            found.append(Freeing(space, frees_on, space.after_id, candidates))
    return sorted(found, key=lambda row: (row.frees_on, row.space.site_id, row.space.code))


def _free_by(day: dt.date, user: Any, lists: Iterable[int]) -> Any:
    """Measured leaves of these sites that nobody has from `day` on, with their last booking."""
    bookings = Booking.objects.standing().filter(space=OuterRef("pk"))
    last = bookings.order_by(F("period__endswith").desc())
    return (
        Space.objects.visible_to(user)
        .filter(~Exists(bookings.filter(period__overlap=Period(day))), site__in=list(lists))
        .leaves()
        .measured_on(today())
        .annotate(
            after_id=Subquery(last.values("pk")[:1]), taken=Subquery(last.values("period")[:1])
        )
        .select_related("site", "building", "floor")
        .prefetch_related("lettable_periods")
    )


def _day_it_frees(space: Any) -> dt.date:
    if space.taken is not None:
        return space.taken.end  # type: ignore[no-any-return]  # never open: nobody has it later
    return min((row.period.start for row in space.lettable_periods.all()), default=today())


def _candidates(places: list[Place], vacancy: Vacancy, on: dt.date) -> tuple[Candidate, ...]:
    by_key = {place.pk: place for place in places}
    wishes = [
        Wish(
            key=place.pk,
            rank=place.rank or 0,
            tenant_kind=place.tenant_kind,
            wanted_m2=place.application.wanted_m2,
            wanted_start=place.application.wanted_start,
        )
        for place in places
    ]
    return tuple(Candidate(by_key[each.wish.key], each) for each in match(wishes, vacancy, on=on))
