"""What acts make of terms: terms in, terms out."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.periods import ONE_DAY, Period
from leases import changes
from leases.flaws import Flaw, flaws, same_before
from leases.labels import FLAWS
from leases.rent import rent_due
from leases.terms import ChargeTerms, DiscountTerms, LeaseTerms, LettingTerms
from sites.rates import Step
from tests.leases import portfolios

day = dt.date
YEAR = Period(day(2026, 1, 1), day(2027, 1, 1))
JULY = day(2026, 7, 1)


def letting(
    number: int = 1, period: Period = YEAR, rate: str = "100", **given: Any
) -> LettingTerms:
    values: dict[str, Any] = {
        "id": number,
        "charge_id": number * 10,
        "space_id": number,
        "space": f"A{number}",
        "tenant_kind": "startup",
        "area_m2": Decimal(20),
        "period": period,
        "unit": "per_m2",
        "steps": (Step(period, Decimal(rate)),),
    }
    return LettingTerms(**{**values, **given})


def lease(*lettings: LettingTerms, period: Period = YEAR, **given: Any) -> LeaseTerms:
    return LeaseTerms(1, "startup", period, Decimal(0), lettings, **given)


def less(unit: str, value: str) -> DiscountTerms:
    return DiscountTerms(YEAR, unit, Decimal(value), "x")


def told(terms: LeaseTerms) -> list[tuple[str | None, int | None, str, str, list[str]]]:
    return [
        (
            let.space,
            let.id,
            str(let.period),
            f"{let.area_m2}",
            [f"{step.period} {step.rate}" for step in let.steps],
        )
        for let in terms.lettings
    ]


def test_a_space_goes_back_and_what_began_later_falls_away() -> None:
    terms = lease(letting(1), letting(2, Period(JULY, day(2027, 1, 1))))
    assert told(changes.give_up(terms, 0, JULY))[0] == (
        "A1", 1, "2026-01-01 – 2026-06-30", "20", ["2026-01-01 – 2026-06-30 100"]
    )  # fmt: skip
    assert [let.space for let in changes.give_up(terms, 1, JULY).lettings] == ["A1"]


def test_other_m2_end_the_letting_and_begin_another_with_charges_of_its_own() -> None:
    badge = ChargeTerms(
        7, "one_off", "Badge", Period(day(2026, 2, 1), day(2026, 2, 2)), "once", Decimal(9)
    )
    service = ChargeTerms(8, "service", "", YEAR, "per_m2", Decimal(5))
    less = DiscountTerms(
        Period(day(2026, 6, 1), day(2026, 8, 1)), "percent", Decimal(10), "Travaux"
    )
    terms = lease(letting(1, charges=(badge, service), discounts=(less,)))
    after = changes.resize(terms, 0, JULY, Decimal(25))
    assert told(after) == [
        ("A1", 1, "2026-01-01 – 2026-06-30", "20", ["2026-01-01 – 2026-06-30 100"]),
        ("A1", None, "2026-07-01 – 2026-12-31", "25", ["2026-07-01 – 2026-12-31 100"]),
    ]
    one, other = after.lettings
    assert [(each.id, str(each.period)) for each in one.charges] == [
        (7, "2026-02-01 – 2026-02-01"),
        (8, "2026-01-01 – 2026-06-30"),
    ]
    assert [(each.id, str(each.period)) for each in other.charges] == [
        (None, "2026-07-01 – 2026-12-31")
    ]
    assert [str(each.period) for each in (*one.discounts, *other.discounts)] == [
        "2026-06-01 – 2026-06-30",
        "2026-07-01 – 2026-07-31",
    ]


def test_another_rent_keeps_the_letting_and_another_unit_does_not() -> None:
    rest = Period(JULY, day(2027, 1, 1))
    same_unit = changes.reprice(lease(letting()), 0, JULY, "per_m2", [Step(rest, Decimal(120))])
    assert told(same_unit) == [
        (
            "A1", 1, "2026-01-01 – 2026-12-31", "20",
            ["2026-01-01 – 2026-06-30 100", "2026-07-01 – 2026-12-31 120"],
        )
    ]  # fmt: skip
    flat = changes.reprice(lease(letting()), 0, JULY, "flat", [Step(rest, Decimal(3000))])
    assert [(let.id, let.unit) for let in flat.lettings] == [(1, "per_m2"), (None, "flat")]


def test_the_same_rent_changes_nothing() -> None:
    rest = Period(JULY, day(2027, 1, 1))
    terms = lease(letting())
    assert changes.reprice(terms, 0, JULY, "per_m2", [Step(rest, Decimal(100))]) == terms
    assert changes.move_end(terms, day(2027, 1, 1)) == terms


def test_a_company_that_grows_gets_another_letting_of_its_space() -> None:
    gone = letting(2, Period(day(2026, 1, 1), day(2026, 3, 1)))
    after = changes.recategorise(
        lease(letting(1), gone),
        JULY,
        "sme",
        [[Step(Period(JULY, day(2027, 1, 1)), Decimal(130))], []],
    )
    assert after.tenant_kind == "sme"
    assert [(let.space, let.id, let.tenant_kind) for let in after.lettings] == [
        ("A1", 1, "startup"),
        ("A1", None, "sme"),
        ("A2", 2, "startup"),
    ]
    assert flaws(after) == []


def test_the_end_moves_with_what_ran_to_it() -> None:
    parking = ChargeTerms(9, "parking", "P1", YEAR, "flat", Decimal(200))
    early = letting(2, Period(day(2026, 1, 1), JULY))
    terms = lease(letting(1), early, charges=(parking,))
    longer = changes.move_end(terms, day(2028, 1, 1))
    assert [str(let.period) for let in longer.lettings] == [
        "2026-01-01 – 2027-12-31",
        "2026-01-01 – 2026-06-30",
    ]
    assert str(longer.charges[0].period) == "2026-01-01 – 2027-12-31"
    assert str(longer.lettings[0].steps[0].period) == "2026-01-01 – 2027-12-31"
    shorter = changes.move_end(longer, day(2026, 4, 1))
    assert {str(let.period) for let in shorter.lettings} == {"2026-01-01 – 2026-03-31"}
    open_ended = changes.move_end(terms, None)
    assert str(open_ended.lettings[0].period) == "2026-01-01 – …"
    assert changes.move_end(open_ended, day(2027, 1, 1)) == terms


def test_who_holds_over_renews_from_the_old_end() -> None:
    held = changes.carried_on(lease(letting(1)), 0, day(2027, 2, 14))
    assert str(held.lettings[0].period) == "2026-01-01 – 2027-02-13"
    assert held.period == YEAR
    assert flaws(held) == []
    renewed = changes.move_end(held, day(2028, 1, 1))
    assert str(renewed.lettings[0].period) == "2026-01-01 – 2027-12-31"


def test_who_left_pays_nothing_more() -> None:
    parking = ChargeTerms(9, "parking", "P1", YEAR, "flat", Decimal(200))
    later = letting(2, Period(day(2026, 10, 1), day(2027, 1, 1)))
    after = changes.vacated(lease(letting(1), later, charges=(parking,)), JULY)
    assert [let.space for let in after.lettings] == ["A1"]
    assert rent_due(after, YEAR).net == 6 * (Decimal(2000) + 200)
    assert after.period == YEAR


@pytest.mark.parametrize(
    ("terms", "flaw"),
    [
        (lease(), Flaw.NOTHING_LET),
        (lease(letting(period=Period(day(2025, 12, 31), day(2027, 1, 1)))), Flaw.OUTSIDE_TERM),
        (lease(letting(steps=())), Flaw.STEPS),
        (lease(letting(steps=(Step(Period(JULY, day(2027, 1, 1)), Decimal(1)),))), Flaw.STEPS),
        (lease(letting(area_m2=None)), Flaw.NO_AREA),
        (
            lease(letting(area_m2=None, unit="flat", discounts=(less("per_m2", "1"),))),
            Flaw.NO_AREA,
        ),
        (
            lease(letting(), charges=(ChargeTerms(1, "service", "", YEAR, "per_m2", Decimal(1)),)),
            Flaw.NO_AREA,
        ),
        (lease(letting(discounts=(less("percent", "0"),))), Flaw.DISCOUNT_OF_NOTHING),
        (lease(letting(discounts=(less("flat", "-5"),))), Flaw.DISCOUNT_OF_NOTHING),
        (
            lease(letting(charges=(ChargeTerms(1, "one_off", "x", YEAR, "once", Decimal(1)),))),
            Flaw.ONE_OFF_DAYS,
        ),
        (
            lease(
                letting(period=Period(JULY, day(2027, 1, 1))),
                charges=(ChargeTerms(1, "other", "", Period(day(2025, 1, 1)), "flat", Decimal(1)),),
            ),
            Flaw.CHARGE_OUTSIDE,
        ),
        (
            lease(letting(discounts=(DiscountTerms(Period(JULY), "percent", Decimal(1), "x"),))),
            Flaw.DISCOUNT_OUTSIDE,
        ),
        (
            lease(letting(discounts=2 * (DiscountTerms(YEAR, "percent", Decimal(1), "x"),))),
            Flaw.DISCOUNTS_OVERLAP,
        ),
        (
            lease(letting(discounts=(DiscountTerms(YEAR, "flat", Decimal("2000.01"), "x"),))),
            Flaw.DISCOUNT_OVER_RENT,
        ),
    ],
)  # fmt: skip
def test_flaws_are_found(terms: LeaseTerms, flaw: Flaw) -> None:
    assert flaw in [found for found, _position in flaws(terms)]


def test_each_flaw_can_be_told() -> None:
    assert {flaw.value for flaw in Flaw} == set(FLAWS)


# --- Of random leases ---------------------------------------------------------------------------


@given(st.data())
@settings(max_examples=100)
def test_no_change_touches_the_days_before_it(data: st.DataObject) -> None:
    terms = data.draw(portfolios.terms())
    position = data.draw(st.integers(0, len(terms.lettings) - 1))
    let = terms.lettings[position]
    since = data.draw(st.dates(let.period.start, portfolios.last_of(let.period)))
    assume(since > portfolios.FIRST)
    afters = [
        changes.give_up(terms, position, since),
        changes.vacated(terms, since),
        changes.move_end(terms, max(since, terms.period.start + ONE_DAY)),
        changes.resize(terms, position, since, Decimal(9)),
    ]
    before = Period(portfolios.FIRST, since)
    said = sorted(map(_of_line, rent_due(terms, before).lines))
    for after in afters:
        assert same_before(terms, after, since)
        assert sorted(map(_of_line, rent_due(after, before).lines)) == said


def _of_line(line: Any) -> tuple[Any, ...]:
    return (line.kind, line.label, line.space or "", str(line.period), line.amount)


@given(st.data(), st.decimals("8", "120", places=2))
@settings(max_examples=60)
def test_new_m2_are_charged_from_their_day_on_and_no_day_is_lost(
    data: st.DataObject, area: Decimal
) -> None:
    terms = data.draw(portfolios.terms())
    let = replace(terms.lettings[0], discounts=())
    since = data.draw(st.dates(let.period.start, portfolios.last_of(let.period)))
    after = changes.resize(replace(terms, lettings=(let,), charges=()), 0, since, area)
    assert flaws(after) == []
    assert sum(each.period.days or 0 for each in after.lettings) == let.period.days
    assert after.lettings[-1].area_m2 == area
