"""Model fields of the house: periods, money, areas."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from core.periods import Period

PERSONAL = "personal"
"""The `db_comment` of a column that holds personal data: what `core.history.erase` may blank."""


class PeriodField(DateRangeField):
    """A `daterange` that code sees as a `core.periods.Period` (or None)."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Period | None:
        return self._period(value)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, Period) or value is None:
            return value
        if isinstance(value, str):
            value = super().to_python(value)
        return self._period(value)

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Period):
            return DateRange(value.start, value.end, "[)")
        return super().get_prep_value(value)

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.get_prep_value(self.value_from_object(obj)))

    def formfield(self, **kwargs: Any) -> Any:
        # Form widgets need the app registry, which is not ready while models are defined.
        from core.forms import PeriodFormField  # noqa: PLC0415

        kwargs.setdefault("form_class", PeriodFormField)
        kwargs.pop("widget", None)
        return models.Field.formfield(self, **kwargs)

    @staticmethod
    def _period(value: Any) -> Period | None:
        if value is None or isinstance(value, Period):
            return value
        if isinstance(value, (list, tuple)):
            return Period(value[0], value[1])
        lower: dt.date = value.lower
        return Period(lower, value.upper)


if TYPE_CHECKING:
    _DecimalField = models.DecimalField[Any, Any]
else:
    _DecimalField = models.DecimalField


class MoneyField(_DecimalField):
    """An amount in dirhams, two decimals."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)


class RateField(_DecimalField):
    """Dirhams per m² and month (or per desk and month); keeps its own precision."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 12)
        kwargs.setdefault("decimal_places", 4)
        super().__init__(*args, **kwargs)


class AreaField(_DecimalField):
    """Square metres, two decimals."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 9)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)


def real_period(name: str, field: str = "period") -> models.CheckConstraint:
    """No empty range and no range without a start is ever stored.

    An empty range slips past every exclusion constraint, and overlaps nothing.
    """
    return models.CheckConstraint(
        condition=Q(**{f"{field}__isempty": False, f"{field}__startswith__isnull": False}),
        name=name,
    )
