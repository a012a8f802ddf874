"""A rent roll with charges and deposits, in the files that offices have; overlaps in it."""

import datetime as dt
import io
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from openpyxl import Workbook

from core.periods import Period
from leases.models import DepositEntry, Lease
from leases.selectors.deposits import DepositAccount, deposit_of
from leases.selectors.statements import statement
from leases.services.importing import LeaseImporter
from sites.choices import SpaceKind
from tests.factories import scene
from tests.factories.files import imported, outcomes, planned

pytestmark = pytest.mark.django_db

CREATING = LeaseImporter(create_companies=True)
BARE = "number;site;company;space;area_m2;start;end;rate_per_m2;kind"
HEADER = f"{BARE};unit;billing_months;service_charge_per_m2;deposit_due;deposit_received\n"
ROLL = HEADER + (
    "L1;TNG;Étoile Démo;B1;24,5;2026-01-01;2026-01-15;50;start-up;;3;12,5;2450;\n"
    "L1;TNG;Étoile Démo;B1;24,5;2026-01-16;;100;start-up;par m² et par mois;quarterly;12,5;;2000\n"
    "L2;TNG;Poste Démo;D1;4;2026-01-01;;900;coworking;flat;;;;900\n"
    "L3;TNG;Siège Démo;;;2026-01-01;;300;domiciliation;;12;;;\n"
)


def roll_of_january() -> dict[str, list[tuple[str, str]]]:
    """By lease, its lines of January: what, amount."""
    january = Period(dt.date(2026, 1, 1), dt.date(2026, 2, 1))
    found = {}
    for lease in Lease.objects.order_by("number"):
        due = statement(lease, january)
        assert due is not None
        found[lease.number] = [
            (f"{line.kind} {line.unit} {line.rate.normalize():f}", f"{line.amount}")
            for line in due.lines
        ]
    return found


def amounts(*dirhams: int) -> list[Decimal]:
    return [Decimal(amount) for amount in dirhams]


def typed(cell: str) -> str | float | dt.date:
    """As a spreadsheet keeps it."""
    try:
        return dt.date.fromisoformat(cell)
    except ValueError:
        pass
    try:
        return float(cell.replace(",", "."))
    except ValueError:
        return cell


def place() -> None:
    where = scene.site("TNG")
    scene.office(where, code="B1", area_m2="24.50")
    scene.office(where, code="D1", area_m2="4.00", kind=SpaceKind.DESK)


def test_a_rent_roll_brings_charges_and_deposits_and_again_changes_nothing(tmp_path: Path) -> None:
    place()
    path = tmp_path / "roll.csv"
    path.write_bytes(ROLL.encode("cp1252"))
    out = io.StringIO()
    call_command("import_data", "leases", str(path), "--create-companies", stdout=out)
    assert roll_of_january() == {
        "L1": [
            ("rent per_m2 50", "592.74"),
            ("rent per_m2 100", "1264.52"),
            ("service per_m2 12.5", "306.25"),
        ],
        "L2": [("rent flat 900", "900.00")],
        "L3": [("rent flat 300", "300.00")],
    }
    leases = Lease.objects.in_bulk(field_name="number")
    assert {
        number: (deposit_of(lease), {charge.months for charge in lease.charges.all()})
        for number, lease in leases.items()
    } == {
        "L1": (DepositAccount(*amounts(2450, 2000, 0, 0)), {3}),
        "L2": (DepositAccount(*amounts(900, 900, 0, 0)), {1}),
        "L3": (DepositAccount(*amounts(0, 0, 0, 0)), {12}),
    }
    assert set(DepositEntry.objects.values_list("act", "on")) == {("received", dt.date(2026, 1, 1))}
    book = Workbook()
    sheet = book.worksheets[0]
    for line in ROLL.splitlines():
        sheet.append([typed(cell) for cell in line.split(";")])
    workbook = tmp_path / "roll.xlsx"
    book.save(workbook)
    for same in (path, workbook):
        again = io.StringIO()
        call_command("import_data", "leases", str(same), stdout=again)
        assert again.getvalue() == "New: 0, changed: 0, unchanged: 4, refused: 0.\n"
    assert DepositEntry.objects.count() == 2


AGREED = (
    f"{BARE};list_rate_per_m2;parking_per_month;internet_per_month;"
    "notice_months;tacit_months;maximum_stay_months\n"
    "L1;TNG;Réseau Démo;B1;;2026-01-01;2026-06-30;0;support;100;150;;6;12;\n"
    "L1;TNG;Réseau Démo;B1;;2026-07-01;2026-12-31;10;support;100;150;99,5;;;60\n"
)


def test_a_rent_roll_brings_what_a_lease_agreed_beside_its_rent() -> None:
    place()
    imported(CREATING, AGREED)
    lease = Lease.objects.get()
    assert (lease.notice_months, lease.tacit_months, lease.maximum_stay_months) == (6, 12, 60)
    year = Period(dt.date(2026, 1, 1), dt.date(2027, 1, 1))
    due = statement(lease, year)
    assert due is not None
    sums: dict[str, Decimal] = {}
    for line in due.lines:
        sums[line.kind] = sums.get(line.kind, Decimal(0)) + line.amount
    # 24.50 m² at 100 DH are 29,400 DH a year, of which half a year brings 10 DH a m².
    assert sums == {"rent": Decimal(1470), "parking": Decimal(1800), "internet": Decimal(597)}
    assert due.forgone == Decimal(29400 - 1470)
    assert outcomes(planned(CREATING, AGREED)) == [(2, "unchanged", ""), (3, "unchanged", "")]
    for changed, said in (
        (AGREED.replace(";6;12;", ";5;12;"), "notice_months"),
        (AGREED.replace(";6;12;", ";6;;"), "tacit_months"),
        (AGREED.replace(";;;60", ";;;48"), "maximum_stay_months"),
        (AGREED.replace("support;100", "support;120"), "list_rate_per_m2"),
    ):
        assert said in planned(CREATING, changed).problems[0].reason
    for wrong, column in (
        (AGREED.replace(";;;60", ";;9;60"), "tacit_months"),  # not what the first row says
        (AGREED.replace(";6;12;", ";6,5;12;"), "notice_months"),
        (AGREED.replace("support;100", "support;-1"), "list_rate_per_m2"),
    ):
        assert column in {problem.column for problem in planned(CREATING, wrong).problems}


def test_a_lease_that_is_here_with_other_charges_or_deposit_is_refused() -> None:
    place()
    imported(CREATING, ROLL)
    known = "The lease is here with another %s; an import changes no lease."
    terms = (
        "unit, billing_months, list_rate_per_m2, service_charge_per_m2, parking_per_month, "
        "internet_per_month"
    )
    for changed, said in (
        (ROLL.replace("12,5", "12,6"), terms),
        (ROLL.replace("quarterly", "monthly").replace(";;3;", ";;;"), terms),
        (ROLL.replace("2450", "2451"), "deposit_due"),
        (ROLL.replace(";;2000", ";;2001"), "deposit_received"),
    ):
        reasons = [problem.reason for problem in planned(CREATING, changed).problems]
        assert reasons == [known % said, "Line 2 of the same lease is refused."]
    silent = ROLL.replace(";;2000", ";;")
    assert {outcome for _line, outcome, _said in outcomes(planned(CREATING, silent))} == {
        "unchanged"
    }


def test_what_the_new_columns_cannot_say_is_named() -> None:
    place()
    text = HEADER + (
        "L1;TNG;Un Démo;B1;;2026-01-01;2026-06-30;50;sme;;2;;1000;\n"
        "L2;TNG;Un Démo;;;2026-01-01;;300;domiciliation;per_m2;;5;;\n"
        "L3;TNG;Un Démo;B1;;2026-01-01;2026-06-30;50;sme;;;;1000;\n"
        "L3;TNG;Un Démo;B1;;2026-07-01;;50;sme;;;;2000;-1\n"
        "L4;TNG;Un Démo;D1;;2026-01-01;2026-06-30;50;sme;;;;1000;\n"
        "L4;TNG;Un Démo;D1;;2026-07-01;;50;sme;;;;2000;\n"
    )
    problems = planned(CREATING, text).problems
    assert [(problem.line, problem.column, problem.reason) for problem in problems] == [
        (2, "billing_months", "“2” is not known; known are: 1, 3, 12."),
        (3, "unit", "There is no space to have an area."),
        (3, "service_charge_per_m2", "There is no space to have an area."),
        (4, "", "Line 5 of the same lease is refused."),
        (5, "deposit_received", "It must be at least 0 and less than 1000000000000."),
        (6, "", "Line 7 of the same lease is refused."),
        (7, "deposit_due", "It differs from line 6 of the same lease."),
    ]


def test_an_overlap_is_told_though_one_of_both_leases_is_refused_for_another_reason() -> None:
    place()
    text = (
        f"{BARE}\n"
        "L1;TNG;Un Démo;B1;;2026-01-01;2026-06-30;50;club\n"  # not understood at all
        "L2;TNG;000000000000097;B1;;2026-01-01;2026-06-30;50;sme\n"  # no such company
        "L3;TNG;Deux Démo;B1;;2026-06-30;2026-12-31;50;sme\n"
        "L4;TNG;Trois Démo;B1;;2026-12-31;;50;sme\n"
    )
    plan = planned(CREATING, text)
    assert [(row.row.line, row.outcome, row.warnings) for row in plan.rows] == [
        (2, "refused", []),
        (3, "refused", []),
        (4, "create", ["These days overlap those of lease L2 (line 3)."]),
        (5, "refused", []),
    ]
    assert plan.problems[-1].reason == (
        "B1 is not free from 31/12/2026: lease L3 (line 4) 30/06/2026 – 31/12/2026."
    )
