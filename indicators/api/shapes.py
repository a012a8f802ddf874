"""The shapes of figures, for the OpenAPI document."""

from typing import Any

from rest_framework import serializers


class PeriodShape(serializers.Serializer[Any]):
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True, help_text="the last day included")


class AboutShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
    formula = serializers.CharField()
    details = serializers.ListField(
        child=serializers.CharField(), help_text="what the formula leaves open, in sentences"
    )
    unit = serializers.CharField()
    version = serializers.IntegerField()


class FigureShape(serializers.Serializer[Any]):
    """Exact numerator and denominator; areas in m²; `value` has six decimals."""

    name = serializers.CharField()
    site = serializers.CharField(allow_null=True, help_text="code; null: the network")
    on = serializers.DateField()
    value = serializers.CharField(allow_null=True)
    numerator = serializers.CharField()
    denominator = serializers.CharField(allow_null=True)
    unit = serializers.CharField()
    formula = serializers.CharField()
    version = serializers.IntegerField()
    beside = serializers.DictField(child=serializers.CharField())
    window = PeriodShape(allow_null=True)


class AboutListShape(serializers.Serializer[Any]):
    results = AboutShape(many=True)


class SeriesShape(serializers.Serializer[Any]):
    results = FigureShape(many=True)


class RowShape(serializers.Serializer[Any]):
    company = serializers.IntegerField(allow_null=True, help_text="id")
    company_name = serializers.CharField(allow_null=True)
    site = serializers.CharField(allow_null=True)
    space = serializers.CharField(allow_null=True)
    lease = serializers.CharField(allow_null=True, help_text="number")
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True)
    numerator = serializers.CharField(
        help_text="what the row adds to the figure's; a company counts once: the row of its first "
        "room bears the 1, those of its others 0"
    )
    denominator = serializers.CharField(
        allow_null=True, help_text="what the row adds to the figure's"
    )
    more = serializers.DictField(
        child=serializers.CharField(allow_null=True),
        help_text="what else is told of the row, by code: days, amounts in dirhams, areas in m²; "
        "`outcome` (unknown, trading, merged, acquired, closed) where the indicator asks what "
        "became of the company, and `declared_on`, null where it is hosted or nobody knows",
    )


class RowsShape(serializers.Serializer[Any]):
    figure = FigureShape()
    results = RowShape(many=True)
