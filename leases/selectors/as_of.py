"""How a lease stood: on which day, and as it was known when."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from core.periods import Period, end_of, last_day_before, today
from leases.choices import LeaseState
from leases.models import Lease, LeaseVersion

_FACTS = ("state", "period", "signed_on", "handed_over_on", "exit_on", "cancelled_at", "imported")


@dataclass(frozen=True, slots=True)
class AsOf:
    """`on`: the day that is looked at; `known_on`: by what was known at its end; `version`: once
    that version was written; neither: by what is known now."""

    on: dt.date
    known_on: dt.date | None = None
    version: LeaseVersion | None = None

    @property
    def then(self) -> bool:
        """Whether what was known then is looked at."""
        return self.known_on is not None or self.version is not None

    @property
    def past(self) -> bool:
        """Whether something else than the present is looked at."""
        return self.then or self.on != today()

    @property
    def known_day(self) -> dt.date:
        return last_day_before(self.known_before)

    @property
    def known_before(self) -> dt.datetime:
        """Whatever was written before this moment was known."""
        if self.version is not None:
            return self.version.known_from + dt.timedelta.resolution
        return end_of(self.known_on if self.known_on is not None else today())


@dataclass(frozen=True, slots=True)
class Stood:
    state: LeaseState
    holding_over: bool


def stood(lease: Lease, as_of: AsOf) -> Stood:
    """The state on the day, by the facts that were known; one query where that is the past."""
    known = _known(lease, as_of) if as_of.then else _facts(lease)
    state = _state(known, as_of.on)
    period: Period = known["period"]
    over = state == LeaseState.ACTIVE and period.is_past(as_of.on) and as_of.on <= today()
    return Stood(state, over)


def _facts(lease: Lease) -> dict[str, Any]:
    return {name: getattr(lease, name) for name in _FACTS}


def _known(lease: Lease, as_of: AsOf) -> dict[str, Any]:
    """The facts as the history has them; from before there was one, those of today."""
    history: Any = Lease._meta.get_field("events").related_model
    rows = history.objects.filter(pgh_obj=lease.pk, pgh_created_at__lt=as_of.known_before)
    found: dict[str, Any] | None = rows.order_by("-pgh_id").values(*_FACTS).first()
    return found if found is not None else _facts(lease)


def _state(facts: dict[str, Any], on: dt.date) -> LeaseState:
    """What the days of the acts say of a past day; of today and later the state itself."""
    if on >= today():
        return LeaseState(facts["state"])
    cancelled = facts["cancelled_at"]
    if cancelled is not None and last_day_before(cancelled) <= on:
        return LeaseState.CANCELLED
    if facts["exit_on"] is not None and on > facts["exit_on"]:
        return LeaseState.ENDED
    keys = facts["handed_over_on"]
    if facts["imported"] and facts["state"] in {LeaseState.ACTIVE, LeaseState.ENDED}:
        keys = keys or facts["period"].start
    if keys is not None and on >= keys:
        return LeaseState.ACTIVE
    signed = facts["signed_on"]
    return LeaseState.SIGNED if signed is not None and on >= signed else LeaseState.DRAFT
