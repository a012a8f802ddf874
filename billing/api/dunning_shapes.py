"""What requests about overdue invoices say, and how they are answered."""

from typing import Any

from django.core.validators import MinValueValidator
from rest_framework import serializers

from billing.api.shapes import ClientShape
from billing.choices import DunningLevel, PauseKind, WriteOffState
from core.languages import Language
from sites.api.bodies import DayField

_WORDS = 300
"""Characters that a reason may have."""


class RemindedShape(serializers.Serializer[Any]):
    """An invoice in a reminder."""

    invoice = serializers.CharField(help_text="number")
    open = serializers.CharField(help_text="DH, when the letter was sent")
    step = serializers.ChoiceField(
        DunningLevel.choices, allow_null=True, help_text="null: listed with the others"
    )


class ReminderShape(serializers.Serializer[Any]):
    number = serializers.CharField()
    site = serializers.CharField(help_text="code")
    company = ClientShape()
    level = serializers.ChoiceField(DunningLevel.choices, help_text="of the step")
    on = serializers.DateField()
    pay_by = serializers.DateField(help_text="no other is sent before that day is over")
    language = serializers.ChoiceField(Language.choices)
    total = serializers.CharField(help_text="overdue, DH")
    by_mail = serializers.BooleanField(help_text="false: it was printed and posted")


class ReminderDetailShape(ReminderShape):
    lines = RemindedShape(many=True)


class PauseShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    site = serializers.CharField(help_text="code")
    company = ClientShape()
    invoice = serializers.CharField(
        allow_null=True, help_text="number; null: all that the company owes at the site"
    )
    kind = serializers.ChoiceField(PauseKind.choices)
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True, help_text="the last day included")
    reason = serializers.CharField()


class PauseBody(serializers.Serializer[Any]):
    invoice = serializers.CharField(max_length=40, help_text="number")
    everything = serializers.BooleanField(
        default=False, help_text="all that its company owes at its site, not the invoice alone"
    )
    kind = serializers.ChoiceField(PauseKind.choices)
    start = DayField()
    end = DayField(required=False, help_text="the last day included; none: until it is ended")
    reason = serializers.CharField(max_length=_WORDS)


class WriteOffShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    invoice = serializers.CharField(help_text="number")
    site = serializers.CharField(help_text="code")
    company = ClientShape()
    amount = serializers.CharField(help_text="DH")
    reason = serializers.CharField()
    state = serializers.ChoiceField(WriteOffState.choices)
    taken_back = serializers.BooleanField(help_text="what was given up is asked for again")
    asked_at = serializers.DateTimeField()
    decided_on = serializers.DateField(allow_null=True)


class WriteOffBody(serializers.Serializer[Any]):
    invoice = serializers.CharField(max_length=40, help_text="number")
    amount = serializers.DecimalField(
        max_digits=14,
        decimal_places=2,
        required=False,
        validators=[MinValueValidator(0)],
        help_text="DH; none: all that is open",
    )
    reason = serializers.CharField(max_length=_WORDS)


class ApproveBody(serializers.Serializer[Any]):
    pass


class RefuseBody(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=_WORDS)
