"""The shapes of leases, for the OpenAPI document."""

from typing import Any

from rest_framework import serializers

from leases.choices import LeaseState
from sites.api.shapes import NameShape
from sites.choices import RateUnit, TenantKind


class TenantShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class LeaseShape(serializers.Serializer[Any]):
    number = serializers.CharField()
    site = serializers.CharField(help_text="code")
    company = TenantShape()
    tenant_kind = serializers.ChoiceField(TenantKind.choices)
    state = serializers.ChoiceField(LeaseState.choices)
    holding_over = serializers.BooleanField(help_text="past its term, the keys not given back")
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True, help_text="the last day included; null: open")
    signed_on = serializers.DateField(allow_null=True)
    handed_over_on = serializers.DateField(allow_null=True)
    exit_on = serializers.DateField(allow_null=True)
    deposit_due = serializers.CharField()
    spaces = serializers.ListField(child=serializers.CharField())


class StepShape(serializers.Serializer[Any]):
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True)
    unit = serializers.ChoiceField(RateUnit.choices)
    rate = serializers.CharField(help_text="DH a month, without tax")


class LettingShape(serializers.Serializer[Any]):
    space = serializers.CharField(allow_null=True)
    area_m2 = serializers.CharField(allow_null=True)
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True)
    steps = StepShape(many=True)


class LeaseDetailShape(LeaseShape):
    application = serializers.CharField(allow_null=True, help_text="reference")
    end_reason = serializers.CharField(allow_blank=True)
    lettings = LettingShape(many=True)


class ListedShape(serializers.Serializer[Any]):
    """A company of the public directory."""

    name = serializers.CharField()
    sites = serializers.ListField(child=serializers.CharField(), help_text="codes")
    sectors = NameShape(many=True)
    technologies = NameShape(many=True)
    website = serializers.CharField(allow_blank=True)
