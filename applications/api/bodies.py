"""What each act on a file wants to be told."""

import datetime as dt
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from rest_framework import serializers

from applications.answers import FIELDS
from applications.labels import DeclineReason, IneligibleReason, Outcome
from sites.choices import TenantKind


class DayField(serializers.DateField):
    """A day of this age: others make no sense, and some have no calendar."""

    def __init__(self, **kwargs: Any) -> None:
        validators = [
            MinValueValidator(dt.date(2000, 1, 1)),
            MaxValueValidator(dt.date(2200, 1, 1)),
        ]
        super().__init__(validators=validators, **kwargs)


class NothingBody(serializers.Serializer[Any]):
    """The act says it all."""


class ReasonBody(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)


class RequestBody(serializers.Serializer[Any]):
    fields_wanted = serializers.ListField(
        child=serializers.ChoiceField(sorted(FIELDS)),
        allow_empty=False,
        help_text="what opens to the applicant",
    )
    message = serializers.CharField(
        max_length=5000, help_text="in the applicant's language: it stands in the letter"
    )
    due_on = DayField(help_text="the last day for the answer, at least three days ahead")


class DuplicateBody(serializers.Serializer[Any]):
    original = serializers.CharField(max_length=20, help_text="reference of the file it repeats")


class IneligibleBody(serializers.Serializer[Any]):
    reason_code = serializers.ChoiceField(IneligibleReason.choices)
    words = serializers.CharField(max_length=2000, help_text="for the second person")


class DecisionBody(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(Outcome.choices)
    reasons = serializers.ListField(
        child=serializers.ChoiceField(DeclineReason.choices),
        required=False,
        help_text="of a refusal; the first is the one the letter names",
    )
    conditions = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    note = serializers.CharField(
        required=False, allow_blank=True, max_length=5000, help_text="for staff alone"
    )
    until = DayField(
        required=False,
        allow_null=True,
        help_text="the last day of a place on the waiting list, or the day of the new look",
    )


class OfferBody(serializers.Serializer[Any]):
    space = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, help_text="id; none for a domiciliation"
    )
    tenant_kind = serializers.ChoiceField(TenantKind.choices)
    start = DayField()
    end = DayField(required=False, allow_null=True, help_text="the last day included")
    open_until = DayField(help_text="the space is held until the end of that day")


class TransferBody(serializers.Serializer[Any]):
    site = serializers.CharField(max_length=20, help_text="code of the site that would take it")
    reason = serializers.CharField(max_length=2000)


class AnswerBody(serializers.Serializer[Any]):
    answer = serializers.CharField(max_length=2000)
