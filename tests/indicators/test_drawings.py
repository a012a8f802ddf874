"""What the server draws: where points, circles and labels lie."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from django.utils import translation

from indicators.formulas import INDICATORS
from indicators.papers.charts import of_bars, of_figures
from indicators.selectors.shown import ShownFigure
from indicators.views.drawing import shares, spark
from indicators.views.sitemap import WIDTH, SiteMap, site_map
from indicators.views.wording import bars, chart
from sites.models import Site


def test_a_course_breaks_where_nothing_is_known() -> None:
    values = [Decimal(1), Decimal(3), None, None, Decimal(2), Decimal(2)]
    course = spark(values, "words")
    assert course is not None
    assert course.lines == ["3.0,25.0 25.8,3.0", "94.2,14.0 117.0,14.0"]
    assert course.end == (117.0, 14.0)
    assert spark([None, Decimal(1), None], "") is None
    assert spark([], "") is None


def test_a_course_that_never_moves_lies_in_the_middle_and_an_unknown_end_has_no_dot() -> None:
    course = spark([Decimal(5), Decimal(5), None], "")
    assert course is not None
    assert (course.lines, course.end) == (["3.0,14.0 60.0,14.0"], None)


def test_bars_are_as_long_as_their_share_of_the_greatest() -> None:
    assert shares([Decimal(50), None, Decimal(200), Decimal(0)]) == [25.0, 0, 100.0, 0]
    assert shares([Decimal(0), Decimal(0)]) == [0, 0]
    assert shares([]) == []


def shown(name: str, value: Decimal) -> ShownFigure:
    indicator = INDICATORS[name]
    return ShownFigure(
        name=name,
        site=None,
        on=dt.date(2026, 1, 31),
        value=value,
        numerator=value,
        denominator=None,
        unit=indicator.unit,
        version=1,
        numerator_code=indicator.numerator,
        denominator_code=None,
        beside={"others": Decimal(2)},
        window=None,
    )


def test_a_chart_names_its_unit_and_shows_a_value_that_stands_alone() -> None:
    """And around nothing but zeros its axis begins at zero."""
    days = [dt.date(2026, month, 28) for month in (1, 2, 3, 4)]
    unknown = replace(shown("arrears", Decimal(0)), value=None)
    known = [shown("arrears", Decimal(amount)) for amount in (5, 7)]
    with translation.override("en"):
        drawn = chart("", days, {"one": [known[0], unknown, *known]})
        nothing = chart("", days[:1], {"one": [shown("hosted", Decimal(0))]})
        share = bars("", "month", ["May"], {"low_millionths": ("low", [Decimal("0.25")])})
    [line] = drawn["data"]["datasets"]
    assert (line["data"], line["pointRadius"]) == ([5.0, None, 5.0, 7.0], [3, 0, 0, 0])
    assert drawn["options"]["scales"]["y"]["title"]["text"] == "DH"
    axis = nothing["options"]["scales"]["y"]
    assert (axis["min"], axis["max"], axis["title"]["display"]) == (0, 1, False)
    assert share["data"]["datasets"][0]["data"] == [25.0]
    axis = share["options"]["scales"]["y"]
    assert ("min" in axis, axis["title"]["text"]) == (False, "%")
    assert share["axis"] == share["options"]["scales"]["x"]["title"]["text"] == "month"


def test_lines_of_a_report_that_lie_close_together_are_drawn_apart() -> None:
    """Bars, and lines that use half of the height from zero on, begin at zero."""
    days = [dt.date(2026, month, 28) for month in (1, 2)]

    def axis(*amounts: str) -> list[str]:
        line = [shown("occupancy_area", Decimal(amount)) for amount in amounts]
        return [label for _at, label in of_figures("", days, {"one": line}, "")["ticks"]]

    with translation.override("en"):
        assert axis("0.935", "0.99") == ["92%", "94%", "96%", "98%", "100%"]
        assert axis("0.2", "0.6") == ["0%", "20%", "40%", "60%"]
        assert axis("0.5", "0.5") == ["40%", "60%"]
        assert axis("0.99", "0.994") == ["99%", "99.1%", "99.2%", "99.3%", "99.4%"]
        drawn = of_bars("", ["a", "b"], "companies", ("", [Decimal(90), Decimal(100)]))
        area = of_bars("", ["a"], "ending_centi_m2", ("area that ends", [Decimal(90)]))
    assert area["drawn"] == "area that ends (m²)"
    assert [label for _at, label in drawn["ticks"]] == ["0", "25", "50", "75", "100"]
    assert [height for _at, height, _said in drawn["bars"]] == [0.9, 1.0]


def _site(code: str, latitude: str | None, longitude: str | None) -> Site:
    return Site(
        code=code,
        name_fr=code,
        name_en=code,
        latitude=latitude and Decimal(latitude),
        longitude=longitude and Decimal(longitude),
    )


def _map(*sites: Site, hosted: dict[str, int]) -> SiteMap | None:
    return site_map(
        sites,
        {code: shown("hosted", Decimal(count)) for code, count in hosted.items()},
        {code: shown("occupancy_area", Decimal("0.9")) for code in hosted},
        {code: f"/{code}" for code in hosted},
    )


def test_the_map_holds_every_site_wherever_it_is_and_its_labels_do_not_touch() -> None:
    """Two in one city, one far in the south, one without companies, one without coordinates."""
    sites = [
        _site("CASA", "33.54", "-7.64"),
        _site("CASA2", "33.55", "-7.63"),
        _site("DAKHLA", "23.70", "-15.95"),
        _site("OUJDA", "34.68", "-1.91"),
        _site("NEW", None, None),
    ]
    drawn = _map(*sites, hosted={"CASA": 200, "CASA2": 50, "DAKHLA": 0, "OUJDA": 8, "NEW": 3})
    assert drawn is not None
    assert list(drawn.apart) == ["NEW"]
    assert [row[0] for row in drawn.rows] == ["CASA", "CASA2", "DAKHLA", "OUJDA", "NEW"]
    assert len(drawn.spots) == 4
    for spot in drawn.spots:
        assert spot.radius < spot.x < WIDTH - spot.radius
        assert spot.radius < spot.y < drawn.height - spot.radius
    by_name = {spot.name: spot for spot in drawn.spots}
    # Four times the companies: twice the radius.
    assert abs(by_name["CASA"].radius - 2 * by_name["CASA2"].radius) <= 0.1
    assert [spot.name for spot in drawn.spots] == ["CASA", "CASA2", "OUJDA", "DAKHLA"]
    assert by_name["DAKHLA"].y > by_name["CASA"].y > by_name["OUJDA"].y
    assert by_name["DAKHLA"].x < by_name["CASA"].x < by_name["OUJDA"].x
    labels = sorted(drawn.spots, key=lambda spot: spot.label_y)
    assert all(above.label_y + 30 <= below.label_y for above, below in pairwise(labels))


def test_one_site_alone_has_its_part_of_the_coast_and_none_has_no_map() -> None:
    drawn = _map(_site("TNG", "35.77", "-5.80"), hosted={"TNG": 63})
    assert drawn is not None
    assert (len(drawn.spots), len(drawn.lands)) == (1, 2)
    assert 0 < drawn.spots[0].y < drawn.height
    assert _map(hosted={}) is None
    bare = _map(_site("NEW", None, None), hosted={"NEW": 3})
    assert bare is not None
    assert (bare.spots, bare.apart) == ((), ["NEW"])
