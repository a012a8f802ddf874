"""The shapes of accounts, ageing and revenue, for the OpenAPI document."""

from typing import Any

from rest_framework import serializers

from billing.api.shapes import ClientShape
from billing.choices import EntryKind


class AgedShape(serializers.Serializer[Any]):
    """DH with tax."""

    not_due = serializers.CharField()
    days_1_30 = serializers.CharField(help_text="past due")
    days_31_60 = serializers.CharField()
    days_61_90 = serializers.CharField()
    days_over_90 = serializers.CharField()
    overdue = serializers.CharField(help_text="what is past due, together")
    open = serializers.CharField(help_text="due or not")
    credit = serializers.CharField(help_text="paid or credited, and not allocated")
    balance = serializers.CharField(help_text="`open` less `credit`")
    awaiting_certificate = serializers.CharField(help_text="withheld; settled, never arrears")
    deposit = serializers.CharField(help_text="held; no part of the balance")


class AccountShape(AgedShape):
    """What a company owes a lessor today."""

    company = ClientShape()
    lessor = serializers.CharField(help_text="code")


class LedgerLineShape(serializers.Serializer[Any]):
    on = serializers.DateField()
    kind = serializers.ChoiceField(EntryKind.choices)
    number = serializers.CharField()
    site = serializers.CharField(help_text="code")
    method = serializers.CharField(allow_blank=True, help_text="of money")
    about = serializers.CharField(allow_blank=True, help_text="what it corrects, or a reference")
    due_on = serializers.DateField(allow_null=True)
    debit = serializers.CharField(allow_null=True)
    credit = serializers.CharField(allow_null=True)
    balance = serializers.CharField(help_text="after the line")


class LedgerShape(serializers.Serializer[Any]):
    company = ClientShape()
    lessor = serializers.CharField(help_text="code")
    to = serializers.DateField(help_text="the last day included")
    opening = serializers.CharField(help_text="balance on the eve of the first day")
    closing = serializers.CharField(help_text="balance on the last day")
    elsewhere = serializers.BooleanField(
        help_text="the account has lines at other sites, which are no part of this"
    )
    lines = LedgerLineShape(many=True)

    def get_fields(self) -> dict[str, Any]:
        """With `from`, which is no name in Python."""
        return {**super().get_fields(), "from": serializers.DateField()}


class AgedSiteShape(AgedShape):
    site = serializers.CharField(help_text="code")


class AgedCompanyShape(AgedShape):
    company = ClientShape()
    site = serializers.CharField(help_text="code")
    lessor = serializers.CharField(help_text="code")


class AgeingShape(serializers.Serializer[Any]):
    on = serializers.DateField()
    total = AgedShape()
    sites = AgedSiteShape(many=True)
    results = AgedCompanyShape(many=True, help_text="companies by site, without what is nothing")


class RevenueMonthShape(serializers.Serializer[Any]):
    site = serializers.CharField(help_text="code")
    month = serializers.DateField(help_text="its first day")
    net = serializers.CharField(help_text="invoices less credit notes, without tax")
    vat = serializers.CharField()
    collected = serializers.CharField(help_text="with tax, less what bounced or was given back")
    withheld = serializers.CharField(help_text="by clients, for the treasury")
    deferred = serializers.CharField(
        help_text="of what was billed by the month's end, without tax: for days after it"
    )


class ForecastShape(serializers.Serializer[Any]):
    site = serializers.CharField(help_text="code")
    month = serializers.DateField(help_text="its first day")
    rent = serializers.CharField(help_text="less discounts, without tax")
    charges = serializers.CharField(help_text="without tax")


class RevenueShape(serializers.Serializer[Any]):
    results = RevenueMonthShape(many=True)
    forecast = ForecastShape(many=True)
