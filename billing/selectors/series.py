"""Which number each series of a lessor gives next."""

from collections.abc import Mapping

from billing.choices import NumberSeries
from core.models import Counter
from sites.models import Lessor


def next_numbers(lessor: Lessor, year: int) -> Mapping[NumberSeries, int]:
    rows = Counter.objects.filter(scope=lessor.code, year=year).values_list("series", "last")
    last = dict(rows)
    return {series: last.get(series, 0) + 1 for series in NumberSeries}
