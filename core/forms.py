"""Form fields of the house."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.periods import Period


def whole_number(text: str | None) -> int:
    """What a form or an address gives, the key of a row for one; 0, which no row has, for what is
    no such number."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0


class DecimalFormField(forms.DecimalField):
    """A number as people here write it: 12,5 or 12.5, with or without spaces."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def prepare_value(self, value: Any) -> Any:
        """As it would be typed: without idle zeros, with the language's own decimal sign."""
        if not isinstance(value, Decimal):
            return value
        text = f"{value:f}".rstrip("0").rstrip(".") if value.as_tuple().exponent else f"{value:f}"
        english = (get_language() or "fr").startswith("en")
        return text if english else text.replace(".", ",")

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = re.sub(r"[\s\u00a0\u202f]", "", value).replace(",", ".")
        return super().to_python(value)


FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
"""What a person can mean: beyond, a slip of the hand, and soon no day of the calendar at all."""


class DayFormField(forms.DateField):
    """A day from 1900 to 2199."""

    default_validators = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]


class PeriodWidget(forms.MultiWidget):
    """Two days: the first, and the last one included (empty: open-ended)."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        day = {"type": "date"}
        super().__init__(
            [forms.DateInput(attrs=day, format="%Y-%m-%d") for _side in range(2)], attrs
        )

    def decompress(self, value: Any) -> list[dt.date | None]:
        return [value.start, value.last_day] if isinstance(value, Period) else [None, None]


class PeriodFormField(forms.MultiValueField):
    """A period as people write it; cleans to a `core.periods.Period`."""

    widget = PeriodWidget
    default_error_messages = {
        "backwards": _("The last day is before the first."),
        "no_start": _("Enter the first day."),
    }

    def __init__(self, **kwargs: Any) -> None:
        fields = (DayFormField(), DayFormField(required=False))
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[dt.date | None]) -> Period | None:
        if not data_list or data_list == [None, None]:
            return None
        first, last = data_list
        if first is None:
            raise ValidationError(self.error_messages["no_start"], code="no_start")
        try:
            return Period.through(first, last)
        except ValueError as error:
            raise ValidationError(self.error_messages["backwards"], code="backwards") from error
