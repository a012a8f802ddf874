"""Texts of the milestones, each with its months."""

from collections.abc import Mapping
from typing import Any

from django.utils.text import format_lazy

from indicators.choices import MILESTONES, Event, Milestone


def filled(text: Any, milestone: Milestone) -> Any:
    return format_lazy(text, months=milestone.months, until=milestone.until)


def of_milestones(texts: Mapping[Event, Any]) -> dict[str, Any]:
    return {one.name: filled(texts[one.event], one) for one in MILESTONES}
