"""Whatever is amended and given in between, the documents of runs add up to what is due: none comes
to less than nothing, no line is credited beyond itself, and what was given is not asked for again.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from billing.crediting import Left
from billing.proposing import Proposal, propose
from billing.reconciling import Billed, Gift, reconcile
from core.money import ZERO, rounded
from core.periods import ONE_DAY, Period, add_months
from leases.rent import DISCOUNT, Line, VatPeriod, VatTable, rent_due
from leases.terms import ChargeTerms, DiscountTerms, LeaseTerms, LettingTerms, Rhythm
from sites.rates import Step

FIRST, MONTHS = dt.date(2026, 1, 1), 6
LAST = add_months(FIRST, MONTHS) - ONE_DAY
VAT: VatTable = {
    "office": [
        VatPeriod(Period(dt.date(2020, 1, 1), dt.date(2026, 3, 11)), Decimal(20)),
        VatPeriod(Period(dt.date(2026, 3, 11)), Decimal(10)),
    ]
}
OFFICE = Rhythm(vat_subject="office")
within = st.dates(FIRST, LAST)


@dataclass
class Row:
    """A line as issued; `sign`: -1 on a credit note."""

    document: int
    sign: int
    net: Decimal
    vat: Decimal
    vat_rate: Decimal
    credits: int | None = None
    gift: Gift | None = None
    line: Line | None = None
    bears: bool = False
    """Its days are billed."""


@dataclass
class Books:
    """What the tables keep, and what their triggers refuse."""

    rows: dict[int, Row] = field(default_factory=dict)
    ids: Iterator[int] = field(default_factory=lambda: count(1))

    def write(self, rows: list[Row]) -> list[int]:
        """One document."""
        document = next(self.ids)
        assert all(sum((getattr(row, what) for row in rows), ZERO) >= 0 for what in ("net", "vat"))
        keys = []
        for row in rows:
            row.document = document
            keys.append(next(self.ids))
            self.rows[keys[-1]] = row
        for key, row in self.rows.items():
            own, left = Left(row.sign * row.net, row.sign * row.vat, ZERO), self.left(key)
            assert min(own.net, ZERO) <= left.net <= max(own.net, ZERO)
            assert min(own.vat, ZERO) <= left.vat <= max(own.vat, ZERO)
        return keys

    def left(self, key: int) -> Left:
        row = self.rows[key]
        net, vat = row.sign * row.net, row.sign * row.vat
        for other, found in self.rows.items():
            if found.credits == key:
                below = self.left(other)
                net, vat = net + below.net, vat + below.vat
        return Left(net, vat, row.vat_rate)

    def billed(self) -> list[Billed]:
        return [self._billed(key, row) for key, row in self.rows.items() if row.bears]

    def _billed(self, key: int, row: Row) -> Billed:
        line, left = row.line, self.left(key)
        assert line is not None
        assert line.charge_id is not None
        gifts = [other.gift for other in self.rows.values() if other.credits == key]
        return Billed(
            id=key, line_id=key, invoice_id=row.document, charge_id=line.charge_id,
            discount=line.kind == DISCOUNT, period=line.period, unit=line.unit, rate=line.rate,
            area_m2=line.area_m2, per_months=line.per_months, due_on=line.due_on,
            vat_rate=row.vat_rate, net=left.net, vat=left.vat,
            rests_on=row.credits if row.sign < 0 else None,
            gifts=tuple(gift for gift in gifts if gift is not None),
        )  # fmt: skip

    def issue(self, proposal: Proposal) -> None:
        for each in (*proposal.again, *proposal.settled):
            self.rows[each.id].bears = False
        bill = [_row(line) for line in proposal.bill]
        again = [Row(0, 1, -e.net, -e.vat, e.vat_rate, credits=e.id) for e in proposal.again]
        keys = self.write([*bill, *again]) if bill or again else []
        for credit in proposal.credits:
            rows = []
            for each in credit.taken:
                self.rows[each.id].bears = False
                rows.append(Row(0, -1, each.net, each.vat, each.vat_rate, credits=each.id))
            for one in credit.lessened:
                row = _row(one.line)
                row.sign, row.net, row.vat, row.credits = -1, -row.net, -row.vat, one.of.id
                rows.append(row)
            self.write(rows)
        if proposal.kept:
            self.write([
                Row(0, -1, one.net, one.vat, one.line.vat_rate or ZERO,
                    credits=keys[one.position], gift=Gift(one.days, one.net))
                for one in proposal.kept
            ])  # fmt: skip

    def give(self, share: int) -> Decimal:
        """Goodwill: so much of a hundred of what is left of the last rent that is billed, less its
        discount."""
        rents = [e for e in self.billed() if not e.discount and e.net > 0]
        if not rents:
            return ZERO
        rent = rents[-1]
        less = [e.net for e in self.billed() if e.discount and e.period.overlaps(rent.period)]
        net = rounded(max(rent.net + sum(less, ZERO), ZERO) * share / 100)
        left = self.left(rent.id)
        if not ZERO < net < left.net:
            return ZERO
        part = left.part(net)
        self.write([
            Row(0, -1, part.net, part.vat, part.vat_rate, credits=rent.id,
                gift=Gift(rent.period, part.net))
        ])  # fmt: skip
        return net

    @property
    def asked(self) -> Decimal:
        return sum((row.sign * row.net for row in self.rows.values()), ZERO)


def _row(line: Line) -> Row:
    rate = line.vat_rate or ZERO
    return Row(0, 1, line.amount, line.vat, rate, line=line, bears=True)


@st.composite
def leases(draw: Any) -> LeaseTerms:
    """An office with perhaps a discount, and a parking; a step and an end anywhere."""
    first = draw(st.sampled_from([FIRST, dt.date(2026, 1, 20)]))
    last = draw(st.sampled_from([LAST, LAST, dt.date(2026, 4, 12)]))
    period = Period.through(first, last)
    step = draw(st.none() | st.dates(first + ONE_DAY, last))
    rates = [Decimal(draw(st.sampled_from([1000, 1200, 800]))) for _half in range(2)]
    steps = (
        (Step(period, rates[0]),)
        if step is None
        else (Step(Period(first, step), rates[0]), Step(Period(step, period.end), rates[1]))
    )
    unit, value = draw(
        st.sampled_from([("percent", 10), ("percent", 50), ("percent", 100), ("flat", 300)])
    )
    days = sorted([draw(st.dates(first, last)), draw(st.dates(first, last))])
    granted = DiscountTerms(Period.through(*days), unit, Decimal(value), "Remise")
    letting = LettingTerms(
        id=1, charge_id=10, space_id=1, space="A1", area_m2=None, period=period, unit="flat",
        steps=steps, rhythm=OFFICE, discounts=draw(st.sampled_from([(), (granted,)])),
    )  # fmt: skip
    parking = ChargeTerms(20, "parking", "", period, "flat", Decimal(150), OFFICE)
    return LeaseTerms(1, "sme", period, ZERO, (letting,), draw(st.sampled_from([(), (parking,)])))


@given(st.lists(st.tuples(leases(), st.integers(0, 60)), min_size=MONTHS, max_size=MONTHS))
def test_documents_add_up_to_what_is_due_less_what_was_given(
    months: list[tuple[LeaseTerms, int]],
) -> None:
    """A wild amendment and perhaps a gift each month, from the one before it on."""
    books, gifts, lines = Books(), ZERO, 0
    for number, (terms, share) in enumerate(months):
        through = add_months(FIRST, number + 1) - ONE_DAY
        for _again in range(2):
            billed = books.billed()
            found = reconcile(terms, billed, since=FIRST, through=through, vat=VAT)
            proposal = propose(found, billed)
            assert proposal.invoiced >= 0
            assert proposal.invoiced_vat >= 0
            books.issue(proposal)
            lines += len(proposal.bill) + len(proposal.kept)
        assert not proposal
        gifts += books.give(share) if share > 40 else ZERO
    due = [
        line.amount for line in rent_due(months[-1][0], Period(FIRST, LAST + ONE_DAY), VAT).lines
    ]
    slack = Decimal("0.01") * (lines + len(due))
    assert sum(due, ZERO) - gifts - slack <= books.asked <= sum(due, ZERO) + slack
