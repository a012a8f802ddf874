"""The shapes of payments and credit, for the OpenAPI document."""

from typing import Any

from rest_framework import serializers

from billing.api.shapes import ClientShape
from billing.choices import ChequeState, PaymentMethod


class PaymentShape(serializers.Serializer[Any]):
    number = serializers.CharField()
    site = serializers.CharField(help_text="code")
    company = ClientShape()
    method = serializers.ChoiceField(PaymentMethod.choices)
    received_on = serializers.DateField()
    amount = serializers.CharField(help_text="DH")
    stamp_duty = serializers.CharField(help_text="on cash, on top of the amount, DH")
    reference = serializers.CharField(allow_blank=True)
    bank = serializers.CharField(allow_blank=True)
    payer = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    withheld_with = serializers.CharField(allow_null=True, help_text="number of the payment")
    cheque = serializers.ChoiceField(
        ChequeState.choices, allow_null=True, help_text="null: none, or received and no more"
    )
    certificate = serializers.CharField(allow_null=True, help_text="number")
    certificate_received_on = serializers.DateField(allow_null=True)
    free = serializers.CharField(help_text="credit that settles nothing yet, DH")


class SettledInvoiceShape(serializers.Serializer[Any]):
    invoice = serializers.CharField(help_text="number")
    amount = serializers.CharField(help_text="DH")


class AllocationShape(serializers.Serializer[Any]):
    invoice = serializers.CharField(help_text="number")
    amount = serializers.CharField(help_text="DH; less than nothing: taken back")
    on = serializers.DateField(help_text="from then on")
    reason = serializers.CharField(allow_blank=True)


class ChequeStepShape(serializers.Serializer[Any]):
    state = serializers.ChoiceField(ChequeState.choices)
    on = serializers.DateField()
    reason = serializers.CharField(allow_blank=True)


class RefundShape(serializers.Serializer[Any]):
    number = serializers.CharField()
    amount = serializers.CharField(help_text="DH")
    on = serializers.DateField()
    method = serializers.ChoiceField(PaymentMethod.choices)
    by_mistake = serializers.BooleanField(help_text="a payment that never was: no money moved")
    reference = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)


class CertificateFileShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    media_type = serializers.CharField()
    sha256 = serializers.CharField()


class PaymentDetailShape(PaymentShape):
    certificate_file = CertificateFileShape(allow_null=True)
    settles = SettledInvoiceShape(many=True)
    allocations = AllocationShape(many=True, help_text="how it came to that, the older first")
    withheld = serializers.ListField(
        child=serializers.CharField(), help_text="numbers of what was withheld with it"
    )
    steps = ChequeStepShape(many=True, help_text="of a cheque, the older first")
    refunds = RefundShape(many=True)


class CreditShape(serializers.Serializer[Any]):
    """What a credit note settles, and what of it is the company's credit."""

    number = serializers.CharField()
    free = serializers.CharField(help_text="credit that settles nothing yet, DH")
    settles = SettledInvoiceShape(many=True)
    refunds = RefundShape(many=True)
