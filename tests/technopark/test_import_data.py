"""`manage.py import_data`: a file as people have it, a report, an exit code."""

import datetime as dt
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from billing.models import Payment
from sites.management.commands.load_network import DEFAULT
from sites.models import Site, Space
from sites.services.network import load_network
from tenants.models import Company, Presence, Sector, Technology
from tests.factories import bills, scene

pytestmark = pytest.mark.django_db
# The shapes of a public directory of 2025, with invented companies.
DIRECTORY = """name,sector,technologies,city
Prod'Démo,DEVELOPPEMENT INFORMATIQUE;GREEN TECH,DATA;TECHNOLOGIE WEB / MOBILE,Rabat
"Fédération Démo, de l'Information",ACCOMPAGNEMENT,N/A,Casablanca;Rabat;Tanger;Agadir
Coalition de l’Eau « DÉMO »,Distributeurs/Revendeurs,"Réalité Augmentée/Virtuelle;IAR,VAR",N/A
Vague Démo,ED TECH,DRONE,Essaouira
"""
MAP = ("--map", "sector=sectors", "--map", "city=sites")


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    load_network(path=DEFAULT, acting_user=None)
    path = tmp_path / "directory.csv"
    path.write_text(DIRECTORY, encoding="utf-8")
    return path


def run(*words: str) -> tuple[int, str, str]:
    """Exit code, stdout, stderr."""
    out, errors = io.StringIO(), io.StringIO()
    try:
        call_command("import_data", *words, stdout=out, stderr=errors)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue(), errors.getvalue()
    return 0, out.getvalue(), errors.getvalue()


REFUSED = (
    "line 5, city: There is no site “Essaouira”; "
    "known are: AGA (Agadir), CAS (Casablanca), RAB (Rabat), TNG (Tanger).\n"
)


def test_one_bad_row_keeps_everything_out(directory: Path) -> None:
    assert run("companies", str(directory), *MAP) == (
        1,
        "New: 3, changed: 0, unchanged: 0, refused: 1.\n"
        "Made on the way: sectors 4, technologies 4.\n"
        "Nothing was written.\n",
        REFUSED,
    )
    assert (Company.objects.count(), Sector.objects.count()) == (0, 0)


def test_a_dry_run_writes_nothing(directory: Path) -> None:
    code, out, _errors = run("companies", str(directory), *MAP, "--dry-run", "--skip-bad")
    assert (code, out.splitlines()[-1]) == (1, "Nothing was written.")
    assert (Company.objects.count(), list(directory.parent.iterdir())) == (0, [directory])


def test_the_good_rows_come_in_and_the_refused_lie_beside(directory: Path) -> None:
    code, out, _errors = run("companies", str(directory), *MAP, "--skip-bad", "--json")
    assert (code, json.loads(out)) == (
        1,
        {
            "file": "directory.csv",
            "what": "companies",
            "written": True,
            "rows": 4,
            "create": 3,
            "update": 0,
            "unchanged": 0,
            "refused": 1,
            "made": {"sectors": 4, "technologies": 4},
            "ignored_columns": [],
            "warnings": [],
            "problems": [
                {"line": 5, "column": "city", "reason": REFUSED.split(": ", 1)[1].strip()}
            ],
            "refused_file": "directory.refused.csv",
        },
    )
    assert [
        (company.name, sorted(company.presences.values_list("site__code", flat=True)))
        for company in Company.objects.order_by("id")
    ] == [
        ("Prod'Démo", ["RAB"]),
        ("Fédération Démo, de l'Information", ["AGA", "CAS", "RAB", "TNG"]),
        ("Coalition de l’Eau « DÉMO »", []),
    ]
    assert sorted(Technology.objects.values_list("name_fr", flat=True)) == [
        "DATA",
        "IAR,VAR",
        "Réalité Augmentée/Virtuelle",
        "TECHNOLOGIE WEB / MOBILE",
    ]
    beside = directory.with_name("directory.refused.csv")
    before = beside.read_bytes()
    again = run("companies", str(directory), *MAP, "--skip-bad")[1]
    assert again.splitlines()[-1] == f"The refused rows are in {beside}."
    beside.write_bytes(before + b"under repair")
    run("companies", str(directory), *MAP, "--skip-bad")
    assert beside.read_bytes() == before + b"under repair"
    assert directory.with_name("directory.refused-2.csv").read_bytes() == before
    beside.write_bytes(before)
    rabat = Site.objects.get(code="RAB")
    Site.objects.create(
        code="ESS", lessor=rabat.lessor, name_fr="E", name_ar="E", name_en="E", city="Essaouira"
    )
    assert run("companies", str(beside), *MAP)[:2] == (
        0,
        "Column reason is ignored.\n"
        "New: 1, changed: 0, unchanged: 0, refused: 0.\n"
        "Made on the way: sectors 1, technologies 1.\n",
    )
    assert Presence.objects.filter(site__code="ESS").count() == 1


def test_all_it_says_is_in_one_language(directory: Path) -> None:
    short = "name,sector,technologies,city\nDémo\n"
    directory.write_text(short, encoding="utf-8")
    with translation.override("fr"):
        assert run("companies", str(directory), *MAP) == (
            1,
            "Nouvelles\u00a0: 0, modifiées\u00a0: 0, inchangées\u00a0: 0, refusées\u00a0: 1.\n"
            "Rien n’a été écrit.\n",
            "ligne 2\u00a0: La ligne s’arrête après 1 cellule sur 4.\n",
        )


def test_spaces_and_leases_come_in_from_files_of_their_own(tmp_path: Path) -> None:
    load_network(path=DEFAULT, acting_user=None)
    spaces, leases = tmp_path / "spaces.csv", tmp_path / "leases.csv"
    spaces.write_text(
        "site;building;floor;code;kind;area_m2;lettable_from\nTanger;A;1;B1;office;20;01/01/2015\n",
        encoding="cp1252",
    )
    leases.write_text(
        "number;site;company;space;area_m2;start;end;rate_per_m2;kind\n"
        "L1;Tanger;Été Démo;B1;;01/01/2024;;50,5;startup\n",
        encoding="cp1252",
    )
    assert run("spaces", str(spaces))[0] == 0
    assert run("leases", str(leases))[0] == 1
    assert run("leases", str(leases), "--create-companies")[:2] == (
        0,
        "New: 1, changed: 0, unchanged: 0, refused: 0.\nMade on the way: leases 1, companies 1.\n",
    )
    assert Space.objects.get().lettings.get().lease.company.name == "Été Démo"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["companies", "{file}", "--map", "city"], "--map city: write it as COLUMN=FIELD."),
        (
            ["companies", "{file}", "--map", "town=sites"],
            "directory.csv: The file has no column “town”; "
            "it has: “name”, “sector”, “technologies”, “city”.",
        ),
        (
            ["spaces", "{file}"],
            "directory.csv: The column “site”, “building”, “floor”, “code”, “kind”, “area_m2” is "
            "missing; the file has: “name”, “sector”, “technologies”, “city”.",
        ),
        (["companies", "{file}.not"], "{file}.not cannot be read: No such file or directory."),
        (
            ["companies", "{file}", "--control-total", "1"],
            "--control-total is for balances, deposits, open_invoices.",
        ),
        (["companies", "{file}", "--create-companies"], "--create-companies is for leases."),
    ],
)
def test_a_wrong_call_is_answered_in_one_line(
    directory: Path, words: list[str], reason: str
) -> None:
    def here(text: str) -> str:
        return text.replace("{file}", str(directory))

    with pytest.raises(CommandError) as refused:
        run(*(here(word) for word in words))
    assert str(refused.value) == here(reason)


def test_a_control_total_is_asked_for_and_held(tmp_path: Path) -> None:
    bills.site(starts_on=dt.date(2026, 1, 1))
    scene.company("Atlas Démo")
    path = tmp_path / "balances.csv"
    path.write_text("site;company;amount\nCAS;Atlas Démo;50,10\n", encoding="utf-8")
    asked = "balances.csv: Give the control total: what this file adds up to in the old system."
    for words, reason in (
        ([], asked),
        (["--control-total", "5x"], "--control-total: “5x” is not a number: write 1234,5."),
        (["--skip-bad"], "What is checked against a control total comes in whole."),
        (
            ["--control-total", "50", "--dry-run"],
            "balances.csv: The file adds up to 50.10 MAD, the control total is 50.00 MAD: "
            "they differ by 0.10 MAD, so nothing is written.",
        ),
    ):
        with pytest.raises(CommandError) as refused:
            run("balances", str(path), *words)
        assert str(refused.value) == reason
    assert run("balances", str(path), "--dry-run")[1].splitlines()[1:] == [
        "Total: 50.10 MAD.",
        "Nothing was written.",
    ]
    assert Payment.objects.count() == 0
    done = run("balances", str(path), "--control-total", "50,10", "--json")
    assert (done[0], json.loads(done[1])["total"]) == (0, "50.10")
    assert Payment.objects.get().amount == Decimal("50.10")
