"""How a lessor declares its VAT, on what basis and for how long; which months are closed."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from billing.choices import VatBasis, VatRhythm
from billing.models import MonthClosing, VatRegime
from core.periods import CASABLANCA, Period, add_months, first_of_month


@dataclass(frozen=True, slots=True)
class Regime:
    basis: VatBasis = VatBasis.COLLECTION
    rhythm: VatRhythm = VatRhythm.MONTH


class Regimes:
    """All of a lessor's, in one query."""

    def __init__(self, lessor_id: int) -> None:
        rows = VatRegime.objects.filter(lessor=lessor_id).order_by("period")
        self._rows = [(row.period, Regime(VatBasis(row.basis), VatRhythm(row.rhythm)))
                      for row in rows]  # fmt: skip

    def on(self, day: dt.date) -> Regime:
        """On collection and monthly, where nothing else is said."""
        return next((regime for period, regime in self._rows if day in period), Regime())

    def basis(self, day: dt.date) -> VatBasis:
        return self.on(day).basis

    def of_invoice(
        self, issued_on: dt.date, sequence: int | None, made_at: dt.datetime
    ) -> VatBasis:
        """That of its day of issue; of one of the old system (no number of a series) that of the
        day on which it was brought along: what fell due by then was declared there."""
        if sequence is None:
            return self.basis(made_at.astimezone(CASABLANCA).date())
        return self.basis(issued_on)

    def period(self, day: dt.date) -> Period:
        """The month or the quarter for which the day's VAT is declared."""
        month = first_of_month(day)
        if self.on(month).rhythm == VatRhythm.MONTH:
            return Period(month, add_months(month, 1))
        first = month.replace(month=(month.month - 1) // 3 * 3 + 1)
        return Period(first, add_months(first, 3))


def closings_of(lessor_id: int) -> Mapping[dt.date, Sequence[MonthClosing]]:
    """By month, also those that were reopened, in their order."""
    found: dict[dt.date, list[MonthClosing]] = defaultdict(list)
    for closing in MonthClosing.objects.filter(lessor=lessor_id).order_by("closed_at"):
        found[closing.month].append(closing)
    return found
