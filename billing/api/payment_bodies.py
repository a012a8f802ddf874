"""What the acts on payments and credit want to be told."""

from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator
from rest_framework import serializers

from billing.choices import ENTERED, REFUNDED
from sites.api.bodies import DayField, IdField, Part

_WORDS = 300


class AmountField(serializers.DecimalField):
    """DH, more than nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_digits=14,
            decimal_places=2,
            validators=[MinValueValidator(Decimal("0.01"))],
            **kwargs,
        )


class ShareBody(Part):
    invoice = serializers.CharField(max_length=40, help_text="number")
    paid = AmountField(required=False, help_text="DH")
    withheld_rent = AmountField(required=False, help_text="kept back of the rent, DH")
    withheld_vat = AmountField(required=False, help_text="kept back of the VAT, DH")


class PaymentBody(serializers.Serializer[Any]):
    site = serializers.CharField(max_length=20, help_text="code")
    company = IdField()
    method = serializers.ChoiceField(ENTERED)
    received_on = DayField()
    amount = AmountField()
    shares = ShareBody(
        many=True,
        required=False,
        help_text="what it settles; none given: the oldest first, with what the company withholds; "
        "empty: it stays credit",
    )
    reference = serializers.CharField(
        max_length=80, required=False, allow_blank=True, help_text="or the number of the cheque"
    )
    bank = serializers.CharField(
        max_length=80, required=False, allow_blank=True, help_text="of the cheque"
    )
    payer = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text="where it is another"
    )
    note = serializers.CharField(max_length=_WORDS, required=False, allow_blank=True)


class SettleBody(serializers.Serializer[Any]):
    shares = ShareBody(many=True, required=False, help_text="none given: the oldest first")


class SettledBackBody(serializers.Serializer[Any]):
    invoice = serializers.CharField(max_length=40, help_text="number")
    amount = AmountField(required=False, help_text="DH; none: all that it settles")
    reason = serializers.CharField(max_length=_WORDS)


class ChequeDayBody(serializers.Serializer[Any]):
    on = DayField()


class BounceBody(ChequeDayBody):
    reason = serializers.CharField(max_length=_WORDS, help_text="as the bank says it")


class CertificateBody(serializers.Serializer[Any]):
    number = serializers.CharField(max_length=60)
    received_on = DayField()


class RefundBody(serializers.Serializer[Any]):
    amount = AmountField()
    on = DayField()
    method = serializers.ChoiceField(REFUNDED)
    reference = serializers.CharField(max_length=80, required=False, allow_blank=True)
    reason = serializers.CharField(max_length=_WORDS)
