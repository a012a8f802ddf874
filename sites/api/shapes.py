"""The shapes of sites and spaces, for the OpenAPI document."""

from typing import Any

from rest_framework import serializers

from sites.choices import RateUnit, SpaceKind


class NameShape(serializers.Serializer[Any]):
    fr = serializers.CharField()
    ar = serializers.CharField(allow_blank=True)
    en = serializers.CharField(allow_blank=True)


class SiteShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = NameShape()
    city = serializers.CharField()
    opened_on = serializers.DateField(allow_null=True)
    closed_on = serializers.DateField(allow_null=True)
    built_m2 = serializers.CharField(allow_null=True, help_text="m², a decimal string")
    capacity = serializers.IntegerField(allow_null=True, help_text="companies, today")
    takes_applications = serializers.BooleanField()


class FloorShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    level = serializers.IntegerField()


class BuildingShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    floors = FloorShape(many=True)


class SiteDetailShape(SiteShape):
    address = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    latitude = serializers.CharField(allow_null=True)
    longitude = serializers.CharField(allow_null=True)
    buildings = BuildingShape(many=True)


class SpaceShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    site = serializers.CharField(help_text="code")
    building = serializers.CharField()
    floor = serializers.CharField()
    code = serializers.CharField()
    kind = serializers.ChoiceField(SpaceKind.choices)
    parent = serializers.CharField(  # type: ignore[assignment]
        allow_null=True, help_text="the space this unit is in"
    )
    area_m2 = serializers.CharField(
        allow_null=True, help_text="m², a decimal string, on the day asked for; null: not measured"
    )
    advertised = serializers.BooleanField()


class SpacesShape(serializers.Serializer[Any]):
    results = SpaceShape(many=True)


class PublicSiteShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = NameShape()
    city = serializers.CharField()
    is_open = serializers.BooleanField()
    opened_on = serializers.DateField(allow_null=True)
    capacity = serializers.IntegerField(allow_null=True)
    free_spaces = serializers.IntegerField()
    smallest_m2 = serializers.CharField(allow_null=True)
    largest_m2 = serializers.CharField(allow_null=True)
    startup_rate = serializers.CharField(allow_null=True, help_text="DH per m² and month")
    takes_applications = serializers.BooleanField()


class PublicSitesShape(serializers.Serializer[Any]):
    results = PublicSiteShape(many=True)


class PublicSpaceShape(serializers.Serializer[Any]):
    site = serializers.CharField(help_text="code")
    building = serializers.CharField()
    floor = serializers.CharField()
    code = serializers.CharField()
    kind = serializers.ChoiceField(SpaceKind.choices)
    area_m2 = serializers.CharField()
    rate = serializers.CharField(allow_null=True, help_text="a newcomer's first, DH a month")
    unit = serializers.ChoiceField(RateUnit.choices, allow_null=True)
    monthly_rent = serializers.CharField(allow_null=True, help_text="DH, without tax")


class PublicSpacesShape(serializers.Serializer[Any]):
    results = PublicSpaceShape(many=True)
