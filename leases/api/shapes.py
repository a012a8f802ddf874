"""The shapes of leases, for the OpenAPI document."""

from typing import Any, Final

from rest_framework import serializers

from leases.choices import ChargeKind, ChargeUnit, DiscountUnit, LeaseState
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


_LINE_KINDS: Final = [*ChargeKind.choices, ("discount", "discount")]


class MonthPartShape(serializers.Serializer[Any]):
    month = serializers.CharField(help_text="2026-02")
    days = serializers.IntegerField(help_text="that are charged,")
    of = serializers.IntegerField(help_text="of so many days of the month")


class LineShape(serializers.Serializer[Any]):
    """rate × m² × (days ÷ of, added up) ÷ per_months = amount, rounded once."""

    letting = serializers.IntegerField(allow_null=True, help_text="id; null: of the whole lease")
    charge = serializers.IntegerField(allow_null=True, help_text="id; a discount bears the rent's")
    kind = serializers.ChoiceField(_LINE_KINDS)
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    space = serializers.CharField(allow_null=True, help_text="code")
    start = serializers.DateField()
    end = serializers.DateField(help_text="the last day included")
    unit = serializers.ChoiceField([*ChargeUnit.choices, *DiscountUnit.choices[:1]])
    rate = serializers.CharField(help_text="DH, without tax; a discount's is negative")
    area_m2 = serializers.CharField(allow_null=True, help_text="where the rate is per m²")
    months = MonthPartShape(many=True)
    per_months = serializers.IntegerField(help_text="months that the rate is for")
    in_advance = serializers.BooleanField()
    amount = serializers.CharField(help_text="DH, without tax")
    vat_rate = serializers.CharField(allow_null=True, help_text="percent; null: no rule says")
    vat_ground = serializers.CharField(allow_blank=True, help_text="why it is nil")
    vat = serializers.CharField()
    explanation = serializers.CharField(help_text="24.50 m² × 50 DH × 17/31 = 671.77 DH")


class VatRateShape(serializers.Serializer[Any]):
    rate = serializers.CharField(allow_null=True)
    net = serializers.CharField()
    vat = serializers.CharField()


class StatementShape(serializers.Serializer[Any]):
    lease = serializers.CharField(help_text="number")
    start = serializers.DateField()
    end = serializers.DateField(help_text="the last day included")
    known_on = serializers.DateField(allow_null=True, help_text="by the terms known on that day")
    lines = LineShape(many=True)
    net = serializers.CharField(help_text="what the lines add up to")
    vat = serializers.CharField()
    total = serializers.CharField()
    by_vat_rate = VatRateShape(many=True)
    forgone = serializers.CharField(help_text="list rent that is not asked, on purpose")


class ListedShape(serializers.Serializer[Any]):
    """A company of the public directory."""

    name = serializers.CharField()
    sites = serializers.ListField(child=serializers.CharField(), help_text="codes")
    sectors = NameShape(many=True)
    technologies = NameShape(many=True)
    website = serializers.CharField(allow_blank=True)
