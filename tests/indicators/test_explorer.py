"""The explorer, profiles and definitions: the address says it all, and files hold the same."""

import csv
import datetime as dt
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook
from pytest_django.plugin import DjangoDbBlocker

from accounts.choices import Role
from core.periods import ONE_DAY, add_months, today
from indicators.formulas import INDICATORS
from indicators.profiles import PROFILES
from indicators.selectors.network import Network
from sites.models import Site
from tenants.models import Company, Sector
from tests.factories import doors, scene
from tests.factories.kept import for_all_tests

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def two_sites(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Site, Site]]:
    """Two start-ups at CAS, one of them in green tech, and one at RAB."""
    with for_all_tests(django_db_blocker):
        casa, rabat = scene.site("CAS"), scene.site("RAB")
        for site, name in ((casa, "Un Démo"), (casa, "=Deux Démo"), (rabat, "Trois Démo")):
            scene.hosted(site, name)
        green = Sector.objects.create(code="green", name_fr="Technologies vertes")
        Company.objects.get(name="Un Démo").sectors.add(green)
        yield casa, rabat


def page(address: str, role: Role = Role.DIRECTOR, site: Site | None = None) -> Any:
    return doors.staff_client(role, site).get(f"/staff/figures/{address}")


def taken(answer: Any) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_a_line_for_each_site_and_each_sector(two_sites: tuple[Site, Site]) -> None:
    by_site = taken(page("hosted/?lang=en&by=site&format=series"))
    last = {line["line"]: line["value"] for line in by_site if line["on"] == str(today())}
    assert last == {"Site CAS": "2", "Site RAB": "1"}
    by_sector = taken(page("hosted/?site=CAS&by=sector&format=series"))
    last = {line["line"]: line["value"] for line in by_sector if line["on"] == str(today())}
    assert last["Technologies vertes"] == "1"
    narrowed = page("hosted/?sector=green")
    assert [row["cells"]["company"].text for row in narrowed.context["rows"]] == ["Un Démo"]
    assert narrowed.context["figure"].numerator == 1


def test_beside_another_site_and_a_year_before(two_sites: tuple[Site, Site]) -> None:
    beside = page("hosted/?lang=en&site=CAS&against=RAB").context["chart"]
    assert (beside["heads"], beside["rows"][0][1]) == (["Site CAS", "Site RAB"], ["2", "1"])
    before = page("entries/?lang=en&against=year&step=quarter&over=period").context["chart"]
    assert before["heads"] == ["The whole network", "a year before"]
    assert before["rows"][0][1] == ["3", "0"]


def test_of_many_lines_those_that_end_highest_are_drawn_and_that_is_said(
    two_sites: tuple[Site, Site],
) -> None:
    for number in range(9):
        Sector.objects.create(code=f"demo-{number}", name_fr=f"Secteur Démo {number}")
    shown = page("hosted/?lang=en&by=sector").context["chart"]
    assert (len(shown["data"]["datasets"]), len(shown["heads"])) == (8, 10)
    assert "Technologies vertes" in [name for name, _colour, _dashes in shown["legend"]]
    assert shown["note"] == "The 8 lines that end highest are drawn; the table has all 10."


def test_the_legend_shows_each_line_as_the_chart_draws_it(two_sites: tuple[Site, Site]) -> None:
    """By its dashes too; without one where the title says what the only line is."""
    answer = page("hosted/?lang=en&by=site")
    drawn = answer.context["chart"]["data"]["datasets"]
    legend = answer.context["chart"]["legend"]
    assert [name for name, _colour, _dashes in legend] == ["Site CAS", "Site RAB"]
    for line, (_name, colour, dashes) in zip(drawn, legend, strict=True):
        assert colour == line["borderColor"]
        assert dashes == " ".join(str(length) for length in line["borderDash"])
        assert f'stroke-dasharray="{dashes or "none"}"' in answer.content.decode()
    assert len({dashes for _name, _colour, dashes in legend}) == 2
    assert page("hosted/").context["chart"]["legend"] == []
    alone = page("hosted/?lang=en&by=sector&site=RAB").context["chart"]["legend"]
    assert [name for name, _colour, _dashes in alone] == ["Technologies vertes"]


def test_each_step_by_itself_adds_up_to_the_year(two_sites: tuple[Site, Site]) -> None:
    first = add_months(today() + ONE_DAY, -12)
    whole = Network().figure("entries", today()).numerator
    lines = taken(page(f"entries/?over=period&step=month&from={first}&format=series"))
    assert sum(Decimal(line["value"]) for line in lines) == whole == 3
    assert lines[0]["from"] == str(first)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("step=week", "« week » is no step: months are shown."),
        ("from=soon", "« soon » is not a day."),
        (f"from={today()}", "The course must begin before the day it leads up to."),
        ("step=day&from=1990-01-01", "So many days are too many: take months."),
        ("from=0001-01-01", "That day is too far away: another is shown."),
        ("from=1500-01-01&step=year&against=year", "That day is too far away: another is shown."),
        ("by=luck", "« luck » is no choice here: it is left out."),
        ("against=CAS&site=CAS", "« CAS » is no choice here: it is left out."),
        ("by=site&against=year", "Beside a line for each nothing else is drawn."),
        ("tenant_kind=blue", "There is no kind of tenant « blue »."),
        ("sector=blue", "There is no sector « blue »."),
        ("building=RAB:A&site=CAS", "There is no building « RAB:A »."),
    ],
)
def test_what_cannot_be_read_is_said_and_left_out(
    two_sites: tuple[Site, Site], query: str, said: str
) -> None:
    answer = page(f"hosted/?lang=en&{query}")
    assert answer.status_code == 200
    assert answer.context["question"].problem.startswith(said)


def test_each_step_begins_where_it_usually_does_until_a_day_is_said(
    two_sites: tuple[Site, Site],
) -> None:
    """The form leaves the day open: another step must not inherit it."""
    by_year = page("hosted/?step=year&from=")
    assert by_year.context["question"].first == add_months(today().replace(month=1, day=1), -120)
    assert 'name="from" value=""' in by_year.content.decode()
    said = page("hosted/?step=year&from=2021-05-01")
    assert 'name="from" value="2021-05-01"' in said.content.decode()


def test_what_a_figure_cannot_be_narrowed_by_is_said_in_words(two_sites: tuple[Site, Site]) -> None:
    said = page("arrears/?lang=en&tenant_kind=sme").context["question"].problem
    assert said == "« Arrears » cannot be narrowed by kind of tenant, but by site, sector."


def test_a_workbook_holds_the_course_and_the_rows_as_numbers(two_sites: tuple[Site, Site]) -> None:
    answer = page("occupancy_area/?lang=en&format=xlsx&site=CAS&tenant_kind=startup")
    book = load_workbook(io.BytesIO(answer.content), read_only=True)
    assert book.sheetnames == ["occupancy_area", "series", "rows"]
    about = list(book["occupancy_area"].iter_rows(values_only=True))
    assert about[0][0] == "Occupancy by area"
    assert [line[:2] for line in about[-4:]] == [
        ("version", 1),
        ("site", "CAS"),
        ("on", dt.datetime.combine(today(), dt.time())),
        ("kind of tenant", "start-up"),
    ]
    rows = list(book["rows"].iter_rows(values_only=True))
    companies = {row[1]: row for row in rows[1:]}
    assert "=Deux Démo" in companies  # as text, not as a formula
    figure = Network().figure("occupancy_area", today(), "CAS")
    assert sum(Decimal(str(row[7])) for row in rows[1:]) == figure.numerator
    course = list(book["series"].iter_rows(values_only=True))
    assert course[-1][3] == float(figure.value or 0)


def test_every_figure_and_profile_has_a_page(two_sites: tuple[Site, Site]) -> None:
    """In French and in Arabic, of a day long past, of today and of one to come."""
    client = doors.staff_client(Role.DIRECTOR)
    addresses = [f"{name}/" for name in INDICATORS] + [f"profiles/{name}/" for name in PROFILES]
    for number, address in enumerate(addresses):
        day = add_months(today(), (-300, 0, 12)[number % 3])
        language = ("fr", "ar")[number % 2]
        answer = client.get(f"/staff/figures/{address}?lang={language}&on={day}")
        assert answer.status_code == 200, address
        assert answer.context["question"].problem == "", address


def test_the_explorer_leads_to_what_was_chosen(two_sites: tuple[Site, Site]) -> None:
    answer = page("?name=funnel&site=CAS")
    assert answer["Location"] == "/staff/figures/profiles/funnel/?site=CAS"
    assert page("?name=turnover")["Location"] == "/staff/figures/turnover/"
    assert page("")["Location"] == "/staff/figures/hosted/"
    assert page("?name=nope").status_code == 404


def test_the_side_bar_marks_the_one_entry_that_a_page_belongs_to(
    two_sites: tuple[Site, Site],
) -> None:
    for address, marked in (
        ("hosted/", "Explorer"),
        ("hosted/why/", "Explorer"),
        ("profiles/funnel/", "Explorer"),
        ("definitions/", "Definitions"),
        ("reports/", "Monthly reports"),
    ):
        groups = page(f"{address}?lang=en").context["sidebar_navigation"]
        items = [item for group in groups for item in group["items"]]
        assert [str(item["title"]) for item in items if item["active"]] == [marked], address


def test_definitions_are_worked_with_the_numbers_of_the_day(two_sites: tuple[Site, Site]) -> None:
    answer = page("definitions/?lang=en&site=CAS")
    told = {
        figure["name"]: (figure["worked"], figure["value"])
        for theme in answer.context["themes"]
        for figure in theme["figures"]
    }
    assert set(told) == set(INDICATORS)
    assert told["occupancy_unit"] == ("2 (let units) ÷ 2 (units in service)", "100.0%")
    assert told["hosted"] == ("2 (hosted companies)", "2")


def test_pages_of_figures_keep_to_the_users_sites(two_sites: tuple[Site, Site]) -> None:
    casa, _rabat = two_sites
    for address in ("hosted/", "profiles/funnel/", "definitions/"):
        shown = page(address, Role.SITE_MANAGER, casa)
        assert shown.context["asked"].choices == [("CAS", "Site CAS")]
        assert page(f"{address}?site=RAB", Role.SITE_MANAGER, casa).status_code == 403
        assert page(f"{address}?site=", Role.SITE_MANAGER, casa).status_code == 403
    by_site = page("hosted/?by=site&format=series", Role.SITE_MANAGER, casa)
    assert {line["line"] for line in taken(by_site)} == {"Entreprises hébergées"}
    assert page("", Role.REVIEWER, casa).status_code == 403
    assert page("definitions/", Role.REVIEWER, casa).status_code == 403


def test_why_a_figure_changed_adds_up_to_the_difference(two_sites: tuple[Site, Site]) -> None:
    """From nobody to two companies at CAS; in the file every line, on the page the sums too."""
    answer = page("hosted/why/?lang=en&site=CAS")
    assert [(one["cause"], one["lines"], one["numerator"]) for one in answer.context["sums"]] == [
        ("came for the first time", "2", "+2")
    ]
    assert answer.context["total"]["effect"] == answer.context["difference"] == "+2"
    assert {line["cells"]["company"].text for line in answer.context["lines"]} == {
        "Un Démo",
        "=Deux Démo",
    }
    whole = ["company", "site", "space", "lease", "from", "last day"]
    assert [head.text for head in answer.context["heads"]] == whole
    lines = taken(page("occupancy_area/why/?site=CAS&format=csv"))
    before, after = (
        Network().figure("occupancy_area", day, "CAS")
        for day in (add_months(today(), -12), today())
    )
    assert sum(Decimal(line["numerator"]) for line in lines) == after.numerator - before.numerator
    assert {line["cause"] for line in lines} <= {"let", "put_in_service"}
    quiet = page(f"hosted/why/?lang=en&since={today()}")
    assert "Nothing changed." in quiet.content.decode()
    for words, said in (
        ("since=soon", "« soon » is not a day."),
        (f"since={today() + ONE_DAY}", "The first day must not be after the last."),
        ("since=0001-01-01", "That day is too far away: another is shown."),
    ):
        assert page(f"hosted/why/?lang=en&{words}").context["problem"] == said


def test_what_is_added_up_row_by_row_has_fewer_days(two_sites: tuple[Site, Site]) -> None:
    two_years_ago = add_months(today(), -24)
    for name, problem in (("hosted", ""), ("retention", "So many days are too many: take months.")):
        asked = page(f"{name}/?lang=en&step=day&from={two_years_ago}")
        assert asked.context["question"].problem == problem
