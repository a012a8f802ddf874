"""All that the staff's page of a run shows: its sums, and its leases page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from django.core.paginator import Page, Paginator

from billing.choices import Anomaly, Change, ItemState
from billing.models import RentRun, RunItem
from billing.selectors.totals import Total, totals
from core.money import ZERO

ROWS: Final = 100


@dataclass(frozen=True, slots=True)
class Filter:
    """What of a run is looked at; empty: all of it."""

    state: str = ""
    change: str = ""
    anomaly: str = ""

    @classmethod
    def read(cls, asked: Any) -> "Filter":
        """Of an address; words that mean nothing are left out."""

        def one_of(name: str, known: Sequence[str]) -> str:
            word = asked.get(name, "")
            return word if word in known else ""

        return cls(
            one_of("state", ItemState.values),
            one_of("change", Change.values),
            one_of("anomaly", [*Anomaly.values, "any"]),
        )


class RunPage:
    """A run, each kind of row in one query."""

    def __init__(self, run: RentRun, asked: Filter, page: str) -> None:
        self.run, self.asked, self.number = run, asked, page

    @cached_property
    def totals(self) -> dict[ItemState, Total]:
        return totals(self.run)

    @cached_property
    def billed(self) -> Total:
        """What is proposed and what is issued, together."""
        both = [self.totals[state] for state in (ItemState.PROPOSED, ItemState.ISSUED)]
        return Total(
            sum(one.leases for one in both),
            _sum(one.net for one in both),
            _sum(one.vat for one in both),
            _sum(one.was for one in both),
        )

    @cached_property
    def found(self) -> dict[str, int]:
        """How many leases each change and each anomaly is found at."""
        counts: dict[str, int] = {}
        for row in self.run.items.values_list("changes", "anomalies"):
            for word in (*row[0], *row[1]):
                counts[word] = counts.get(word, 0) + 1
        return counts

    @cached_property
    def page(self) -> Page[RunItem]:
        rows = self.run.items.select_related("lease__company").order_by("lease__number")
        if self.asked.state:
            rows = rows.filter(state=self.asked.state)
        if self.asked.change:
            rows = rows.filter(changes__contains=[self.asked.change])
        if self.asked.anomaly == "any":
            rows = rows.exclude(anomalies=[])
        elif self.asked.anomaly:
            rows = rows.filter(anomalies__contains=[self.asked.anomaly])
        return Paginator(rows, ROWS).get_page(self.number)


def _sum(amounts: Any) -> Decimal:
    return sum(amounts, ZERO)
