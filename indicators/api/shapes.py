"""The shapes of figures, for the OpenAPI document."""

from typing import Any

from rest_framework import serializers

from indicators.choices import Cause, Dimension, Theme

_DIMENSIONS = [(one.value, one.value) for one in Dimension]
_THEMES = [(one.value, one.value) for one in Theme]
_CAUSES = [(one.value, one.value) for one in Cause]


class PeriodShape(serializers.Serializer[Any]):
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True, help_text="the last day included")


class CodedShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()


class AboutShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
    formula = serializers.CharField()
    details = serializers.ListField(
        child=serializers.CharField(), help_text="what the formula leaves open, in sentences"
    )
    theme = serializers.ChoiceField(choices=_THEMES)
    theme_title = serializers.CharField()
    unit = serializers.CharField()
    numerator = CodedShape(help_text="what is counted; m2 and dirhams as the code says")
    denominator = CodedShape(allow_null=True, help_text="over what; null: a plain count")
    grain = serializers.ChoiceField(
        choices=[("day", "day"), ("twelve_months", "twelve_months")],
        help_text="a state of the day, or what happened in the twelve months up to it",
    )
    dimensions = serializers.ListField(
        child=serializers.ChoiceField(choices=_DIMENSIONS), help_text="what it can be narrowed to"
    )
    version = serializers.IntegerField(help_text="rises when the formula changes")


class ProfileAboutShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
    formula = serializers.CharField()
    theme = serializers.ChoiceField(choices=_THEMES)
    theme_title = serializers.CharField()
    axis = CodedShape(help_text="what the lines stand for")
    measures = CodedShape(many=True)
    dimensions = serializers.ListField(child=serializers.ChoiceField(choices=_DIMENSIONS))
    version = serializers.IntegerField()


class RegistryShape(serializers.Serializer[Any]):
    results = AboutShape(many=True)
    profiles = ProfileAboutShape(many=True)


class ProfilesShape(serializers.Serializer[Any]):
    results = ProfileAboutShape(many=True)


class PointShape(serializers.Serializer[Any]):
    """Exact numerator and denominator, m² and dirhams; `value` has six decimals, null where there
    is no rate."""

    on = serializers.DateField()
    value = serializers.CharField(allow_null=True)
    numerator = serializers.CharField()
    denominator = serializers.CharField(allow_null=True)
    beside = serializers.DictField(
        child=serializers.CharField(allow_null=True), help_text="what is printed beside it, by code"
    )
    window = PeriodShape(allow_null=True, help_text="what it is counted over")


class FigureShape(PointShape):
    name = serializers.CharField()
    site = serializers.CharField(allow_null=True, help_text="code; null: the network")
    unit = serializers.CharField()
    formula = serializers.CharField()
    version = serializers.IntegerField()


class FigureAnswerShape(FigureShape):
    computed_at = serializers.DateTimeField(help_text="when the tables were read")
    against = FigureShape(allow_null=True)


class SeriesShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    site = serializers.CharField(allow_null=True)
    unit = serializers.CharField()
    formula = serializers.CharField()
    version = serializers.IntegerField()
    step = serializers.CharField()
    over = serializers.CharField()
    computed_at = serializers.DateTimeField()
    results = PointShape(many=True)
    against = PointShape(many=True, allow_null=True)


class AboutWhomShape(serializers.Serializer[Any]):
    company = serializers.IntegerField(allow_null=True, help_text="id")
    company_name = serializers.CharField(allow_null=True)
    site = serializers.CharField(allow_null=True)
    space = serializers.CharField(allow_null=True)
    lease = serializers.CharField(allow_null=True, help_text="number")
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True)


class RowShape(AboutWhomShape):
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
    computed_at = serializers.DateTimeField()
    count = serializers.IntegerField(help_text="of all rows")
    next = serializers.CharField(allow_null=True)
    results = RowShape(many=True)


class DifferenceShape(serializers.Serializer[Any]):
    value = serializers.CharField(allow_null=True)
    numerator = serializers.CharField()
    denominator = serializers.CharField(allow_null=True)


class CauseShape(serializers.Serializer[Any]):
    """What all lines of one cause add up to."""

    cause = serializers.ChoiceField(choices=_CAUSES)
    title = serializers.CharField()
    lines = serializers.IntegerField()
    numerator = serializers.CharField()
    denominator = serializers.CharField(allow_null=True)
    effect = serializers.CharField(allow_null=True)


class ChangeLineShape(AboutWhomShape):
    cause = serializers.ChoiceField(choices=_CAUSES)
    numerator = serializers.CharField(help_text="its difference")
    denominator = serializers.CharField(allow_null=True, help_text="its difference")
    effect = serializers.CharField(
        allow_null=True,
        help_text="on the value, to twelve decimals; null where a day has no value",
    )
    more = serializers.DictField(child=serializers.CharField(allow_null=True))


class ChangeShape(serializers.Serializer[Any]):
    before = FigureShape()
    after = FigureShape()
    difference = DifferenceShape()
    causes = CauseShape(many=True)
    computed_at = serializers.DateTimeField()
    count = serializers.IntegerField(help_text="of all lines")
    next = serializers.CharField(allow_null=True)
    results = ChangeLineShape(many=True)


class ProfileLineShape(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="a month (2026-11), a number, or a code")
    label = serializers.CharField()  # type: ignore[assignment]
    values = serializers.DictField(
        child=serializers.CharField(allow_null=True),
        help_text="by measure; null for a share of nothing",
    )


class ProfileShape(ProfileAboutShape):
    site = serializers.CharField(allow_null=True)
    on = serializers.DateField()
    computed_at = serializers.DateTimeField()
    results = ProfileLineShape(many=True)
    beside = serializers.DictField(child=serializers.CharField(allow_null=True))
