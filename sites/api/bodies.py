"""What writing requests say: the fields that every app's bodies share, and where walls move."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from rest_framework import serializers

from sites.models.places import code_validator


class DayField(serializers.DateField):
    """A day of this age: others make no sense, and some have no calendar."""

    def __init__(self, **kwargs: Any) -> None:
        validators = [
            MinValueValidator(dt.date(2000, 1, 1)),
            MaxValueValidator(dt.date(2200, 1, 1)),
        ]
        super().__init__(validators=validators, **kwargs)


class IdField(serializers.IntegerField):
    """Of a row of the database."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=2**63 - 1, **kwargs)


class AreaField(serializers.DecimalField):
    """m², more than nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_digits=9,
            decimal_places=2,
            validators=[MinValueValidator(Decimal("0.01"))],
            **kwargs,
        )


class Part(serializers.Serializer[Any]):
    """A part of a body; an unknown field in it would be a misspelt one."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := data.keys() - self.fields.keys()):
            raise serializers.ValidationError({name: [_("Unknown field.")] for name in unknown})
        return super().to_internal_value(data)


class NewSpace(Part):
    code = serializers.CharField(max_length=30, validators=[code_validator])
    area_m2 = AreaField()


class SplitBody(serializers.Serializer[Any]):
    since = DayField(help_text="the first day of the parts")
    parts = NewSpace(many=True)
    note = serializers.CharField(
        max_length=300,
        required=False,
        allow_blank=True,
        help_text="needed where the parts measure more or less than the whole",
    )


class MergeBody(serializers.Serializer[Any]):
    since = DayField(help_text="the first day of the new space")
    spaces = serializers.ListField(
        child=IdField(), max_length=100, help_text="ids of those it is merged with"
    )
    code = serializers.CharField(max_length=30, validators=[code_validator])
    area_m2 = AreaField()
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)
