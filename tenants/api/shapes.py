"""The shapes of companies, for the OpenAPI document."""

from typing import Any

from rest_framework import serializers

from sites.api.shapes import NameShape
from sites.choices import TenantKind
from tenants.choices import LegalForm


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
    in_directory = serializers.BooleanField()


class CompanyShape(serializers.Serializer[Any]):
    """The card, and the details where the company is present at a site of the client."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    legal_form = serializers.ChoiceField(LegalForm.choices)
    ice = serializers.CharField(allow_blank=True)
    sites = serializers.ListField(child=serializers.CharField(), help_text="codes")
    details = DetailsShape(allow_null=True)
