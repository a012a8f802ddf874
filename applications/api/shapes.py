"""The shapes of applications, for the OpenAPI document."""

from typing import Any

from rest_framework import serializers

from applications.labels import ApplicantKind, ApplicationState, DeclineReason, Outcome
from applications.models import OfferState
from tenants.choices import LegalForm


class ApplicationShape(serializers.Serializer[Any]):
    reference = serializers.CharField()
    site = serializers.CharField(help_text="code")
    state = serializers.ChoiceField(ApplicationState.choices)
    state_since = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField()
    applicant_kind = serializers.ChoiceField(ApplicantKind.choices)
    name = serializers.CharField()
    legal_form = serializers.ChoiceField(LegalForm.choices)
    ice = serializers.CharField(allow_blank=True)
    team_size = serializers.IntegerField()
    wanted_m2 = serializers.CharField()
    wanted_start = serializers.DateField()
    company = serializers.IntegerField(allow_null=True, help_text="id")
    due_at = serializers.DateTimeField(
        allow_null=True, help_text="the end of the stage's target time; null while it stands still"
    )


class DecisionShape(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(Outcome.choices)
    reasons = serializers.ListField(child=serializers.ChoiceField(DeclineReason.choices))
    conditions = serializers.CharField(allow_blank=True)
    until = serializers.DateField(allow_null=True)
    decided_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField(
        allow_null=True, help_text="null: the applicant does not know yet"
    )


class OfferShape(serializers.Serializer[Any]):
    space = serializers.CharField(allow_null=True)
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True, help_text="the last day included")
    area_m2 = serializers.CharField(allow_null=True)
    monthly_rent = serializers.CharField()
    deposit = serializers.CharField()
    state = serializers.ChoiceField(OfferState.choices)
    expires_at = serializers.DateTimeField()


class ApplicationDetailShape(ApplicationShape):
    project = serializers.CharField()
    team = serializers.CharField(allow_blank=True)
    website = serializers.CharField(allow_blank=True)
    contact_name = serializers.CharField(allow_blank=True)
    contact_email = serializers.CharField(allow_blank=True)
    contact_phone = serializers.CharField(allow_blank=True)
    language = serializers.CharField()
    decisions = DecisionShape(many=True)
    offers = OfferShape(many=True)
