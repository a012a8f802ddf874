"""The terms of a lease as tables: premises, rent steps, discounts, charges; in the language in
force. Each cell is text that stands by itself in either direction."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext

from core import formats
from core.periods import Period
from leases.choices import BillingTerm, ChargeKind, ChargeUnit, DiscountUnit
from leases.papers.parties import Row, isolated, language, own
from leases.terms import ChargeTerms, LeaseTerms, LettingTerms
from sites.choices import RateUnit, TenantKind
from sites.models import Space
from sites.rates import monthly_rent

Table = dict[str, Any]
Spaces = Mapping[int, Space]


def spaces_of(*terms: LeaseTerms) -> Spaces:
    """The spaces of all lettings, with their buildings and floors, in one query."""
    ids = {let.space_id for each in terms for let in each.lettings if let.space_id is not None}
    rows = Space.objects.select_related("building", "floor")
    return rows.in_bulk(ids) if ids else {}


def premises(terms: LeaseTerms, spaces: Spaces) -> Table:
    rows = [
        [
            isolated(_code(let, spaces)),
            _place(let, spaces),
            formats.area(let.area_m2, language()) if let.area_m2 is not None else "–",
            days(let.period),
        ]
        for let in terms.lettings
        if let.space_id is not None
    ]
    heads = (gettext("space"), gettext("building and floor"), gettext("area"), gettext("period"))
    return _table(gettext("Premises"), heads, rows, wide=1)


def rents(terms: LeaseTerms, spaces: Spaces) -> Table:
    """Each step of each letting, with what a whole month of it costs."""
    rows = [
        [
            isolated(_code(let, spaces)),
            days(step.period),
            f"{money(step.rate)} {RateUnit(let.unit).label}",
            money(monthly_rent(step.rate, unit=let.unit, area_m2=let.area_m2)),
        ]
        for let in terms.lettings
        for step in let.steps
    ]
    heads = (
        gettext("space"),
        gettext("period"),
        gettext("rate"),
        gettext("a month, without tax"),
    )
    return _table(gettext("Rent"), heads, rows, wide=2)


def discounts(terms: LeaseTerms, spaces: Spaces) -> Table:
    rows = [
        [
            isolated(_code(let, spaces)),
            days(each.period),
            _discount(each.unit, each.value),
            own(each.reason),
        ]
        for let in terms.lettings
        for each in let.discounts
    ]
    heads = (gettext("space"), gettext("period"), gettext("discount"), gettext("reason"))
    return _table(gettext("Discounts"), heads, rows, wide=3)


def charges(terms: LeaseTerms, spaces: Spaces) -> Table:
    rows = [
        [_what(charge, let, spaces), days(charge.period), _price(charge), _billed(charge)]
        for let, charge in _charges(terms)
    ]
    heads = (
        gettext("charge"),
        gettext("period"),
        gettext("rate, without tax"),
        gettext("billed"),
    )
    return _table(gettext("Charges beside the rent"), heads, rows, wide=0)


def letting_lines(let: LettingTerms | None) -> list[str]:
    """All that a letting agrees, a line each; what an amendment puts beside each other."""
    if let is None:
        return ["–"]
    lines = [days(let.period)]
    if let.area_m2 is not None:
        lines.append(formats.area(let.area_m2, language()))
    lines.append(capfirst(str(TenantKind(let.tenant_kind).label)))
    unit = RateUnit(let.unit).label
    lines += [f"{days(step.period)}{_colon()} {money(step.rate)} {unit}" for step in let.steps]
    lines += [
        f"{days(each.period)}{_colon()} – {_discount(each.unit, each.value)} ({own(each.reason)})"
        for each in let.discounts
    ]
    return lines


def charge_lines(charge: ChargeTerms | None) -> list[str]:
    if charge is None:
        return ["–"]
    return [days(charge.period), _price(charge), _billed(charge)]


def charge_name(charge: ChargeTerms) -> str:
    kind = capfirst(str(ChargeKind(charge.kind).label))
    return f"{kind} ({own(charge.label)})" if charge.label else kind


def codes(lettings: Iterable[LettingTerms], spaces: Spaces) -> list[str]:
    """Each space once, in the order of the terms."""
    found = (_code(let, spaces) for let in lettings if let.space_id is not None)
    return list(dict.fromkeys(found))


def days(period: Period) -> str:
    return isolated(formats.days(period.start, period.last_day, language()))


def money(amount: Decimal) -> str:
    return formats.money(amount, language())


def _table(title: str, heads: Sequence[str], rows: list[Row], *, wide: int) -> Table:
    """`wide`: the column that takes what the others leave."""
    return {
        "title": title,
        "heads": [capfirst(head) for head in heads],
        "rows": rows,
        "wide": [wide],
    }


def _code(let: LettingTerms, spaces: Spaces) -> str:
    if let.space_id is None:
        return "–"
    space = spaces.get(let.space_id)
    return f"{space.building.code}-{let.space}" if space is not None else str(let.space)


def _place(let: LettingTerms, spaces: Spaces) -> str:
    space = spaces.get(let.space_id) if let.space_id is not None else None
    if space is None:
        return "–"
    building = space.building.name or space.building.code
    return formats.listed((isolated(building), isolated(space.floor.code)), language())


def _discount(unit: str, value: Decimal) -> str:
    if unit == DiscountUnit.PERCENT:
        return formats.percent(value / 100, language(), decimals=0 if value == int(value) else 2)
    return f"{money(value)} {DiscountUnit(unit).label}"


def _charges(terms: LeaseTerms) -> Iterable[tuple[LettingTerms | None, ChargeTerms]]:
    for let in terms.lettings:
        for charge in let.charges:
            yield let, charge
    for charge in terms.charges:
        yield None, charge


def _what(charge: ChargeTerms, let: LettingTerms | None, spaces: Spaces) -> str:
    name = charge_name(charge)
    return f"{name} · {isolated(_code(let, spaces))}" if let is not None else name


def _price(charge: ChargeTerms) -> str:
    return f"{money(charge.rate)} {ChargeUnit(charge.unit).label}"


def _billed(charge: ChargeTerms) -> str:
    if charge.unit == ChargeUnit.ONCE:
        return "–"
    when = gettext("in advance") if charge.rhythm.in_advance else gettext("in arrears")
    term = str(BillingTerm(charge.rhythm.months).label)
    return formats.listed((term, when), language())


def _colon() -> str:
    return formats.colon(language())
