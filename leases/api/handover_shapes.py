"""Handover reports over REST: what they look like, and what writing one wants to be told."""

from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator
from rest_framework import serializers

from core.languages import Language
from leases.choices import Condition, HandoverWay, MeterKind, ReportState
from sites.api.bodies import DayField, Part


class PhotoShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField(help_text="bytes")
    width = serializers.IntegerField(help_text="pixels")
    height = serializers.IntegerField(help_text="pixels")


class ItemShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    space = serializers.IntegerField(allow_null=True, help_text="id; null: of no space")
    space_code = serializers.CharField(allow_null=True)
    room = serializers.CharField()
    element = serializers.CharField(help_text="in the report's language")
    condition = serializers.ChoiceField(
        Condition.choices, allow_blank=True, help_text="empty: nobody has looked yet"
    )
    remark = serializers.CharField()
    condition_before = serializers.ChoiceField(
        Condition.choices, allow_blank=True, help_text="at the entry that it is compared with"
    )
    worse = serializers.BooleanField(help_text="than at the entry")
    photos = PhotoShape(many=True)


class KeyShape(serializers.Serializer[Any]):
    what = serializers.CharField()
    identifier = serializers.CharField()
    count = serializers.IntegerField(allow_null=True, help_text="null: not counted yet")
    count_before = serializers.IntegerField(allow_null=True, help_text="at the entry")


class MeterShape(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(MeterKind.choices)
    number = serializers.CharField()
    reading = serializers.DecimalField(
        max_digits=14, decimal_places=3, allow_null=True, help_text="null: not read yet"
    )
    replaced = serializers.BooleanField(help_text="since the entry")
    reading_before = serializers.DecimalField(max_digits=14, decimal_places=3, allow_null=True)
    consumed = serializers.DecimalField(
        max_digits=14, decimal_places=3, allow_null=True, help_text="since the entry"
    )


class HandoverShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    way = serializers.ChoiceField(HandoverWay.choices)
    day = serializers.DateField()
    state = serializers.ChoiceField(ReportState.choices)
    language = serializers.ChoiceField(Language.choices)
    compared_with = serializers.IntegerField(allow_null=True, help_text="id of the entry")
    closed_at = serializers.DateTimeField(allow_null=True)


class HandoversShape(serializers.Serializer[Any]):
    results = HandoverShape(many=True)


class HandoverDetailShape(HandoverShape):
    present_for_lessor = serializers.CharField()
    present_for_tenant = serializers.CharField()
    remark = serializers.CharField()
    reason = serializers.CharField(help_text="why it was dropped")
    to_do = serializers.ListField(
        child=serializers.CharField(), help_text="what closing waits for, in words"
    )
    items = ItemShape(many=True)
    keys = KeyShape(many=True)
    meters = MeterShape(many=True)


# --- What is sent


class BeginBody(serializers.Serializer[Any]):
    way = serializers.ChoiceField(HandoverWay.choices)
    day = DayField(required=False, help_text="today if left out")
    language = serializers.ChoiceField(
        Language.choices,
        required=False,
        help_text="the company's if left out; an exit is in the language of its entry",
    )


class FactsBody(serializers.Serializer[Any]):
    day = DayField(required=False)
    present_for_lessor = serializers.CharField(max_length=500, required=False, allow_blank=True)
    present_for_tenant = serializers.CharField(max_length=500, required=False, allow_blank=True)
    remark = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class AddItemBody(serializers.Serializer[Any]):
    element = serializers.CharField(max_length=120)
    space = serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, required=False, allow_null=True, help_text="id"
    )
    room = serializers.CharField(max_length=60, required=False, allow_blank=True)


class ItemBody(serializers.Serializer[Any]):
    condition = serializers.ChoiceField(Condition.choices, required=False, allow_blank=True)
    remark = serializers.CharField(max_length=500, required=False, allow_blank=True)


class KeyPart(Part):
    what = serializers.CharField(max_length=80)
    identifier = serializers.CharField(max_length=80, required=False, allow_blank=True)
    count = serializers.IntegerField(
        min_value=0, max_value=9999, required=False, allow_null=True, help_text="null: not yet"
    )


class KeysBody(serializers.Serializer[Any]):
    keys = KeyPart(many=True, help_text="all of them; what went out at the entry stays listed")


class MeterPart(Part):
    kind = serializers.ChoiceField(MeterKind.choices)
    number = serializers.CharField(max_length=60)
    reading = serializers.DecimalField(
        max_digits=14,
        decimal_places=3,
        required=False,
        allow_null=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    replaced = serializers.BooleanField(required=False)


class MetersBody(serializers.Serializer[Any]):
    meters = MeterPart(many=True, help_text="all of them; what was read at the entry stays listed")
