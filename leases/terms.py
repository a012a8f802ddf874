"""The terms of a lease as the rent engine reads them and a version keeps them: plain data. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from core.periods import Period
from sites.rates import Step

MONTHLY: Final = 1
"""Months of a billing term: 1, 3 (the calendar's quarters) or 12 (its years)."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a charge is billed: every so many months, before or after them, under which VAT."""

    months: int = MONTHLY
    in_advance: bool = True
    vat_subject: str = ""
    """What the lessor's VAT rule must be about (`sites.choices.VatSubject`); "": nobody said."""


@dataclass(frozen=True, slots=True)
class DiscountTerms:
    """Less rent over a period, for a reason: `value` percent, or DH per m² or flat, per month."""

    period: Period
    unit: str
    value: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class ChargeTerms:
    """What is charged beside rent over a period (`id` None: not stored yet).

    `rate` by `unit`: DH per m² and month, flat per month, flat per billing term, or once (on the
    period's only day). `continues`: the id of the charge that it goes on from, walls apart.
    """

    id: int | None
    kind: str
    label: str
    period: Period
    unit: str
    rate: Decimal
    rhythm: Rhythm = Rhythm()
    continues: int | None = None

    @property
    def origin(self) -> int | None:
        """The same for what is charged as one."""
        return self.continues or self.id


@dataclass(frozen=True, slots=True)
class LettingTerms:
    """A space (its id and code; None: domiciliation) let over a period, with its rent steps.

    `id` is None for a letting that is not stored yet, `charge_id` that of its rent charge,
    `continues` that of the rent that it goes on from, walls apart; `list_rate` what the space would
    bring at the list price, DH per m² and month, where less is asked on purpose.
    """

    space_id: int | None
    space: str | None
    area_m2: Decimal | None
    period: Period
    unit: str
    steps: tuple[Step, ...]
    tenant_kind: str = ""
    id: int | None = None
    charge_id: int | None = None
    rhythm: Rhythm = Rhythm()
    list_rate: Decimal | None = None
    discounts: tuple[DiscountTerms, ...] = ()
    charges: tuple[ChargeTerms, ...] = ()
    continues: int | None = None

    @property
    def origin(self) -> int | None:
        """The same for lettings whose rent is charged as one."""
        return self.continues or self.charge_id


@dataclass(frozen=True, slots=True)
class LeaseTerms:
    company_id: int
    tenant_kind: str
    period: Period
    deposit_due: Decimal
    lettings: tuple[LettingTerms, ...]
    charges: tuple[ChargeTerms, ...] = ()
    tacit_months: int | None = None
    """How long the term goes on where nobody ends it; None: it does not."""


def merged(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Touching steps of one rate as one: the same rent is always told the same way."""
    found: list[Step] = []
    for step in sorted(steps, key=lambda step: step.period.start):
        last = found[-1] if found else None
        if last is not None and last.rate == step.rate and last.period.end == step.period.start:
            found[-1] = Step(Period(last.period.start, step.period.end), step.rate)
        else:
            found.append(step)
    return tuple(found)


def as_json(terms: LeaseTerms) -> dict[str, Any]:
    """Days as ISO, `end` excluded or None; decimals as strings."""
    return {
        "company": terms.company_id,
        "tenant_kind": terms.tenant_kind,
        **_days(terms.period),
        "deposit_due": f"{terms.deposit_due:f}",
        "lettings": [_letting(letting) for letting in terms.lettings],
        "charges": [_charge(charge) for charge in terms.charges],
        "tacit_months": terms.tacit_months,
    }


def _letting(letting: LettingTerms) -> dict[str, Any]:
    return {
        "id": letting.id,
        "charge": letting.charge_id,
        "continues": letting.continues,
        "space_id": letting.space_id,
        "space": letting.space,
        "tenant_kind": letting.tenant_kind,
        "area_m2": _text(letting.area_m2),
        **_days(letting.period),
        "unit": letting.unit,
        "list_rate": _text(letting.list_rate),
        **_rhythm(letting.rhythm),
        "steps": [{**_days(step.period), "rate": f"{step.rate:f}"} for step in letting.steps],
        "discounts": [
            {
                **_days(discount.period),
                "unit": discount.unit,
                "value": f"{discount.value:f}",
                "reason": discount.reason,
            }
            for discount in letting.discounts
        ],
        "charges": [_charge(charge) for charge in letting.charges],
    }


def _charge(charge: ChargeTerms) -> dict[str, Any]:
    return {
        "id": charge.id,
        "continues": charge.continues,
        "kind": charge.kind,
        "label": charge.label,
        **_days(charge.period),
        "unit": charge.unit,
        "rate": f"{charge.rate:f}",
        **_rhythm(charge.rhythm),
    }


def _rhythm(rhythm: Rhythm) -> dict[str, Any]:
    return {
        "months": rhythm.months,
        "in_advance": rhythm.in_advance,
        "vat_subject": rhythm.vat_subject,
    }


def _days(period: Period) -> dict[str, str | None]:
    return {
        "start": period.start.isoformat(),
        "end": period.end.isoformat() if period.end else None,
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def from_json(kept: Mapping[str, Any]) -> LeaseTerms:
    """What `as_json` wrote."""
    return LeaseTerms(
        company_id=kept["company"],
        tenant_kind=kept["tenant_kind"],
        period=_period(kept),
        deposit_due=Decimal(kept["deposit_due"]),
        lettings=tuple(_read_letting(letting) for letting in kept["lettings"]),
        charges=tuple(_read_charge(charge) for charge in kept["charges"]),
        tacit_months=kept["tacit_months"],
    )


def _read_letting(kept: Mapping[str, Any]) -> LettingTerms:
    return LettingTerms(
        id=kept["id"],
        charge_id=kept["charge"],
        continues=kept["continues"],
        space_id=kept["space_id"],
        space=kept["space"],
        tenant_kind=kept["tenant_kind"],
        area_m2=_number(kept["area_m2"]),
        period=_period(kept),
        unit=kept["unit"],
        list_rate=_number(kept["list_rate"]),
        rhythm=_read_rhythm(kept),
        steps=tuple(Step(_period(step), Decimal(step["rate"])) for step in kept["steps"]),
        discounts=tuple(
            DiscountTerms(
                _period(discount), discount["unit"], Decimal(discount["value"]), discount["reason"]
            )
            for discount in kept["discounts"]
        ),
        charges=tuple(_read_charge(charge) for charge in kept["charges"]),
    )


def _read_charge(kept: Mapping[str, Any]) -> ChargeTerms:
    return ChargeTerms(
        id=kept["id"],
        continues=kept["continues"],
        kind=kept["kind"],
        label=kept["label"],
        period=_period(kept),
        unit=kept["unit"],
        rate=Decimal(kept["rate"]),
        rhythm=_read_rhythm(kept),
    )


def _read_rhythm(kept: Mapping[str, Any]) -> Rhythm:
    return Rhythm(kept["months"], kept["in_advance"], kept["vat_subject"])


def _period(kept: Mapping[str, Any]) -> Period:
    end = kept["end"]
    return Period(dt.date.fromisoformat(kept["start"]), dt.date.fromisoformat(end) if end else None)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
