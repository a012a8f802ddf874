"""Prometheus' text format, version 0.0.4, as far as gauges and counters need it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_ESCAPED: Final = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


@dataclass(frozen=True, slots=True)
class Sample:
    value: int | float | Decimal
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Metric:
    """One gauge or counter by its name; `about` is one line. Without samples it is left out."""

    name: str
    about: str
    samples: Iterable[Sample]
    kind: Literal["gauge", "counter"] = "gauge"


def written(metrics: Iterable[Metric]) -> str:
    return "".join(f"{line}\n" for metric in metrics for line in _lines(metric))


def _lines(metric: Metric) -> Iterator[str]:
    samples = list(metric.samples)
    if samples:
        yield f"# HELP {metric.name} {metric.about}"
        yield f"# TYPE {metric.name} {metric.kind}"
    for sample in samples:
        labels = ",".join(
            f'{name}="{value.translate(_ESCAPED)}"' for name, value in sample.labels.items()
        )
        value = sample.value
        told = f"{value:f}" if isinstance(value, Decimal) else repr(value)
        yield f"{metric.name}{{{labels}}} {told}" if labels else f"{metric.name} {told}"
