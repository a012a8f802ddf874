"""The elementary changes that an amendment can be drafted from, as one table: what the body says,
and the terms that come of it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from accounts.models import User
from core.periods import ONE_DAY, Period
from leases import changes
from leases.choices import AmendmentKind, ChargeUnit
from leases.models import Lease
from leases.selectors.amending import Rates, lasting_to, with_category, with_space
from leases.selectors.terms import rent_rhythm, terms_of
from leases.terms import ChargeTerms, DiscountTerms, LeaseTerms, Rhythm
from sites.choices import RateUnit
from sites.models import Space

Given = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an amendment is drafted from."""

    kind: AmendmentKind
    effective_on: dt.date
    after: LeaseTerms


@dataclass(frozen=True, slots=True)
class _Asked:
    """A change of a lease from a day on, by a user."""

    lease: Lease
    terms: LeaseTerms
    since: dt.date
    given: Given
    user: User

    @property
    def position(self) -> int:
        """The place of `letting` in the terms, which has the day."""
        position = self.place_of(self.given["letting"])
        if self.since not in self.terms.lettings[position].period:
            reason = _("The letting does not have this day.")
            raise ValidationError({"effective_on": [reason]})
        return position

    def place_of(self, letting: int) -> int:
        for position, known in enumerate(self.terms.lettings):
            if known.id == letting:
                return position
        raise ValidationError({"letting": [_("The lease has no such letting.")]})

    def until(self, end: dt.date | None) -> Period:
        """From the day of the change to the last day that was named, else to `end`."""
        last = self.given.get("end")
        end = last + ONE_DAY if last is not None else end
        if end is not None and end <= self.since:
            raise ValidationError({"end": [_("The last day is before the first.")]})
        return Period(self.since, end)


def wanted(lease: Lease, given: Given, user: User) -> Wanted:
    """The terms that the body of an amendment asks for.

    Raises ValidationError at the field, NoRatePlan, SpaceNotMeasured.
    """
    named = [name for name in _CHANGES if name in given]
    if len(named) != 1:
        reason = _("Name exactly one of: %(known)s.") % {"known": ", ".join(_CHANGES)}
        raise ValidationError({"": [reason]})
    (name,) = named
    terms = terms_of(lease)
    since = given.get("effective_on") or _first_day(terms, name, given[name])
    kind, change = _CHANGES[name]
    try:
        after = change(_Asked(lease, terms, since, given[name], user))
    except ValidationError as error:
        # At its place in the body, but for what is said of the whole.
        detail: Any = error.detail
        raise error if "effective_on" in detail else ValidationError({name: detail}) from error
    if "deposit_due" in given:
        after = changes.with_deposit(after, given["deposit_due"])
    return Wanted(kind, since, after)


def _first_day(terms: LeaseTerms, name: str, given: Given) -> dt.date:
    """Another end changes nothing before the earlier of the two."""
    if name in {"renew", "move_end"}:
        last, old = given["end"], terms.period.end
        ends = [day for day in (last + ONE_DAY if last else None, old) if day is not None]
        if ends:
            return min(ends)
    raise ValidationError({"effective_on": [_("It is empty.")]})


def _give_up(asked: _Asked) -> LeaseTerms:
    return changes.give_up(asked.terms, asked.place_of(asked.given["letting"]), asked.since)


def _resize(asked: _Asked) -> LeaseTerms:
    return changes.resize(asked.terms, asked.position, asked.since, asked.given["area_m2"])


def _reprice(asked: _Asked) -> LeaseTerms:
    position = asked.position
    rest = Period(asked.since, asked.terms.lettings[position].period.end)
    rates = _rates(asked.given)
    assert rates is not None
    return changes.reprice(asked.terms, position, asked.since, rates.unit, rates.steps(rest))


def _let(asked: _Asked) -> LeaseTerms:
    rows = Space.objects.visible_to(asked.user).filter(site=asked.lease.site_id)
    space = rows.filter(pk=asked.given["space"]).first()
    if space is None:
        raise ValidationError({"space": [_("The site has no such space.")]})
    return with_space(
        asked.lease,
        asked.terms,
        space,
        asked.since,
        end=asked.until(asked.terms.period.end).end,
        rates=_rates(asked.given),
    )


def _move_end(asked: _Asked) -> LeaseTerms:
    last = asked.given["end"]
    if last is not None and last < asked.terms.period.start:
        raise ValidationError({"end": [_("The last day is before the lease starts.")]})
    end = last + ONE_DAY if last is not None else None
    return lasting_to(asked.lease, asked.terms, end)


def _renew(asked: _Asked) -> LeaseTerms:
    last, old = asked.given["end"], asked.terms.period.end
    if last is not None and (old is None or last + ONE_DAY < old):
        reason = _("The term runs to that day already: it is shortened by another end.")
        raise ValidationError({"end": [reason]})
    return _move_end(asked)


def _renew_tacitly(asked: _Asked) -> LeaseTerms:
    return changes.with_tacit_renewal(asked.terms, asked.given["months"])


def _recategorise(asked: _Asked) -> LeaseTerms:
    rates = {asked.place_of(row["letting"]): row["rate"] for row in asked.given.get("rates", ())}
    return with_category(
        asked.lease, asked.terms, asked.given["tenant_kind"], asked.since, rates=rates
    )


def _add_charge(asked: _Asked) -> LeaseTerms:
    given = asked.given
    position = asked.position if given.get("letting") is not None else None
    letting = asked.terms.lettings[position] if position is not None else None
    period = asked.until(letting.period.end if letting is not None else asked.terms.period.end)
    if given["unit"] == ChargeUnit.ONCE:
        period = Period(asked.since, asked.since + ONE_DAY)
    usual = letting.rhythm if letting is not None else rent_rhythm(None)
    charge = ChargeTerms(
        id=None,
        kind=given["kind"],
        label=given.get("label", ""),
        period=period,
        unit=given["unit"],
        rate=given["rate"],
        rhythm=Rhythm(
            given.get("billing_months", usual.months),
            given.get("in_advance", usual.in_advance),
            given.get("vat_subject", usual.vat_subject),
        ),
    )
    return changes.add_charge(asked.terms, position, charge)


def _end_charge(asked: _Asked) -> LeaseTerms:
    try:
        return changes.end_charge(asked.terms, asked.given["charge"], asked.since)
    except LookupError as error:
        raise ValidationError({"charge": [_("The lease has no such charge.")]}) from error


def _discount(asked: _Asked) -> LeaseTerms:
    given, position = asked.given, asked.position
    period = asked.until(asked.terms.lettings[position].period.end)
    granted = DiscountTerms(period, given["unit"], given["value"], given["reason"])
    return changes.discount(asked.terms, position, granted)


def _rates(given: Given) -> Rates | None:
    if not given.get("rates"):
        return None
    since = [(row["start"], row["rate"]) for row in given["rates"]]
    return Rates(given.get("unit", RateUnit.PER_M2), since)


_CHANGES: Final[dict[str, tuple[AmendmentKind, Callable[[_Asked], LeaseTerms]]]] = {
    "give_up": (AmendmentKind.SPACE, _give_up),
    "resize": (AmendmentKind.SPACE, _resize),
    "let": (AmendmentKind.SPACE, _let),
    "reprice": (AmendmentKind.RENT, _reprice),
    "move_end": (AmendmentKind.END, _move_end),
    "renew": (AmendmentKind.RENEWAL, _renew),
    "renew_tacitly": (AmendmentKind.RENEWAL, _renew_tacitly),
    "recategorise": (AmendmentKind.CATEGORY, _recategorise),
    "add_charge": (AmendmentKind.CHARGES, _add_charge),
    "end_charge": (AmendmentKind.CHARGES, _end_charge),
    "discount": (AmendmentKind.CHARGES, _discount),
}
