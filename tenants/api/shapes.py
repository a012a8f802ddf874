"""The shapes of companies, for the OpenAPI document."""

from typing import Any

from rest_framework import serializers

from core.languages import Language
from sites.api.shapes import NameShape
from sites.choices import TenantKind
from tenants.choices import Closing, DeclaredStatus, LegalForm, SaidBy


class SectorShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = NameShape()


class DetailsShape(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(TenantKind.choices)
    if_number = serializers.CharField(allow_blank=True)
    rc_number = serializers.CharField(allow_blank=True)
    rc_court = serializers.CharField(allow_blank=True)
    identity_since = serializers.DateField()
    sectors = serializers.ListField(child=serializers.CharField(), help_text="codes")
    technologies = serializers.ListField(child=serializers.CharField(), help_text="codes")
    website = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    address = serializers.CharField(allow_blank=True)
    language = serializers.ChoiceField(Language.choices)
    in_directory = serializers.BooleanField()


class CompanyShape(serializers.Serializer[Any]):
    """The card, and the details where the company is present at a site of the client."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    legal_form = serializers.ChoiceField(LegalForm.choices)
    ice = serializers.CharField(allow_blank=True)
    sites = serializers.ListField(child=serializers.CharField(), help_text="codes")
    details = DetailsShape(allow_null=True)


class DeclarationShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    on = serializers.DateField()
    status = serializers.ChoiceField(DeclaredStatus.choices)
    headcount = serializers.IntegerField(allow_null=True)
    evidence = serializers.CharField(allow_blank=True)
    said_by = serializers.ChoiceField(SaidBy.choices)
    made_at = serializers.DateTimeField()
    replaces = serializers.IntegerField(allow_null=True, help_text="one that it puts right")


class DeclarationsShape(serializers.Serializer[Any]):
    results = DeclarationShape(many=True)


class MilestoneShape(serializers.Serializer[Any]):
    months = serializers.IntegerField()
    due_on = serializers.DateField()
    done_at = serializers.DateTimeField(allow_null=True)
    declaration = serializers.IntegerField(allow_null=True, help_text="that settled it")


class FollowedCompanyShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class FollowUpShape(serializers.Serializer[Any]):
    """A company that left, as long as it is asked what became of it, and afterwards."""

    id = serializers.IntegerField()
    company = FollowedCompanyShape()
    site = serializers.CharField(help_text="code of the last one")
    left_on = serializers.DateField(help_text="the last day there")
    closed_at = serializers.DateTimeField(allow_null=True)
    closing = serializers.ChoiceField(Closing.choices, allow_blank=True)
    asked_at = serializers.DateTimeField(allow_null=True)
    milestones = MilestoneShape(many=True)
