"""What a declaration wants to be told."""

from typing import Any

from rest_framework import serializers

from sites.api.bodies import DayField, IdField
from tenants.choices import DeclaredStatus


class DeclarationBody(serializers.Serializer[Any]):
    on = DayField(help_text="the day it speaks of, not in the future")
    status = serializers.ChoiceField(DeclaredStatus.choices)
    headcount = serializers.IntegerField(
        min_value=0, max_value=999_999, required=False, allow_null=True
    )
    evidence = serializers.CharField(
        max_length=1000, required=False, allow_blank=True, help_text="where it is seen"
    )
    replaces = IdField(required=False, allow_null=True, help_text="a declaration that was wrong")
