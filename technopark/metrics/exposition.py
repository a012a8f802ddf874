"""Prometheus' text format, version 0.0.4, as far as gauges need it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_ESCAPED: Final = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


@dataclass(frozen=True, slots=True)
class Sample:
    value: int | float | Decimal
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gauge:
    """One gauge by its name; `about` is one line. Without samples it is left out."""

    name: str
    about: str
    samples: Iterable[Sample]


def written(gauges: Iterable[Gauge]) -> str:
    return "".join(f"{line}\n" for gauge in gauges for line in _lines(gauge))


def _lines(gauge: Gauge) -> Iterator[str]:
    samples = list(gauge.samples)
    if samples:
        yield f"# HELP {gauge.name} {gauge.about}"
        yield f"# TYPE {gauge.name} gauge"
    for sample in samples:
        labels = ",".join(
            f'{name}="{value.translate(_ESCAPED)}"' for name, value in sample.labels.items()
        )
        value = sample.value
        told = f"{value:f}" if isinstance(value, Decimal) else repr(value)
        yield f"{gauge.name}{{{labels}}} {told}" if labels else f"{gauge.name} {told}"
