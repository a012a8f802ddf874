"""Banks' CSV: every way of writing one movement, and what is wrong with a file, to the cell."""

import datetime as dt
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from billing.bank_csv import Layout, has_columns, head_of, read_csv
from billing.movements import Movement, account_key, fingerprints
from core.cells import Unreadable, as_amount
from core.workbooks import BadFile

day = dt.date
FRENCH = Layout(
    {
        "booked": "Date opération",
        "value": "Date valeur",
        "debit": "Débit",
        "credit": "Crédit",
        "reference": "Référence",
        "words": "Libellé",
    }
)
STATEMENT = """\
Banque du Détroit;;;;;
Compte;225810012345678901234560;;;;
Date opération;Date valeur;Libellé;Référence;Débit;Crédit
02/11/2026;03/11/2026;VIR RECU ATLAS DATA  LOYER;MITC-F2026-000001;;1 234,56
03/11/2026;;FRAIS DE TENUE;;12,00;
04/11/2026;;COMMISSION NULLE;;0,00;
;;suite du libellé;;;
;;Solde final;;;
"""
READ = [
    Movement(
        day(2026, 11, 2),
        Decimal("1234.56"),
        day(2026, 11, 3),
        reference="MITC-F2026-000001",
        words="VIR RECU ATLAS DATA LOYER",
    ),
    Movement(day(2026, 11, 3), Decimal("-12.00"), words="FRAIS DE TENUE"),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_french_file_is_read_in_every_encoding(encoding: str) -> None:
    data = STATEMENT.encode(encoding)
    assert list(read_csv(data, FRENCH).movements) == READ
    head = head_of(data)
    assert head.layout == FRENCH
    assert (head.headings[0], len(head.rows), head.rows[1][2]) == (
        "Date opération",
        5,
        "FRAIS DE TENUE",
    )


def test_an_english_file_with_signed_amounts_is_read() -> None:
    data = (
        b'Booking date,Name,Amount,Details\n2026-11-02,"Rif, Soft","1,234.56",Rent\n'
        b'2026-11-03,Bank,"-1,000.00",Fees\n'
    )
    layout = head_of(data).layout
    assert (layout.delimiter, layout.day_format) == (",", "%Y-%m-%d")
    read = read_csv(data, layout).movements
    assert [(m.amount, m.counterparty) for m in read] == [
        (Decimal("1234.56"), "Rif, Soft"),
        (Decimal("-1000.00"), "Bank"),
    ]


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1 234,56", "1234.56"),
        ("1\u202f234,56 MAD", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1'234.5", "1234.50"),
        ("1.234.567", "1234567.00"),
        ("- 12,5", "-12.50"),
        ("12,50-", "-12.50"),
        ("(12,50)", "-12.50"),
        ("\u221212,50 DH", "-12.50"),
        ("+7", "7.00"),
    ],
)
def test_amounts_of_every_bank_are_read(written: str, amount: str) -> None:
    assert as_amount(written) == Decimal(amount)


@pytest.mark.parametrize(
    "written", ["1.234", "1,2345", "--5", "(-5)", "-5-", "1,23,456.00", "x", "٣"]
)
def test_an_amount_with_two_readings_is_none(written: str) -> None:
    with pytest.raises(Unreadable):
        as_amount(written)


def test_a_column_tells_debits_from_credits_and_times_behind_days_are_left_alone() -> None:
    data = (
        "Date;Libellé;Montant;Sens;Solde;Solde\n"
        "02/11/2026 09:31:07;VIR;1 200,00;C;1;2\n03/11/2026 0:00;FRAIS;12,00;D;1;2\n"
        "04/11/2026T10:00;VIR REJETE;-5,00;Crédit;1;2\n"
    ).encode()
    layout = head_of(data).layout
    assert layout.columns["side"] == "Sens"
    read = read_csv(data, layout).movements
    told = [f"{movement.booked_on.day}: {movement.amount}" for movement in read]
    assert told == ["2: 1200.00", "3: -12.00", "4: -5.00"]
    with pytest.raises(BadFile, match=r"Line 3, column “Sens”: It says neither debit nor credit\."):
        read_csv(data.replace(b";D;", b";X;"), layout)
    assert "goes with one of amounts" in Layout({**FRENCH.columns, "side": "Sens"}).flaw


def test_the_account_is_the_one_told_above_the_header() -> None:
    rib = "225810012345678901234560"
    assert read_csv(STATEMENT.encode(), FRENCH).account == rib
    iban = STATEMENT.replace(rib, "IBAN : MA64 2258 1001 2345 6789 0123 4560")
    assert read_csv(iban.encode(), FRENCH).account == rib
    both = STATEMENT.replace("Compte;", "Vers 225810012345678901234561;")
    assert read_csv(both.encode(), FRENCH).account == ""


def test_a_workbook_is_known_by_its_columns_as_a_csv_is() -> None:
    book = openpyxl.Workbook()
    rows: list[list[Any]] = [
        ["Banque du Détroit"],
        ["Date opération", "Date valeur", "Libellé", "Référence", "Débit", "Crédit"],
        [dt.datetime(2026, 11, 2, 9, 30), day(2026, 11, 3), "VIR RECU ATLAS DATA LOYER",
         "MITC-F2026-000001", None, 1234.56],
        [day(2026, 11, 3), None, "FRAIS DE TENUE", None, 12],
        [None, None, "Solde final", None, None, 1222.56],
    ]  # fmt: skip
    for row in rows:
        book.worksheets[0].append(row)
    kept = BytesIO()
    book.save(kept)
    data = kept.getvalue()
    head = head_of(data)
    assert head.layout.columns == FRENCH.columns
    assert head.rows[0][:2] == ["2026-11-02T09:30:00", "2026-11-03"]
    assert has_columns(data, FRENCH)
    assert not has_columns(data, Layout({"booked": "Jour", "amount": "Crédit"}))
    assert list(read_csv(data, FRENCH).movements) == READ


def changed(old: str, new: str) -> bytes:
    assert old in STATEMENT
    return STATEMENT.replace(old, new).encode()


@pytest.mark.parametrize(
    ("data", "layout", "told"),
    [
        (changed("03/11/2026;;FRAIS", "2026-11-03;;FRAIS"), FRENCH,
         "Line 5, column “Date opération”: “2026-11-03” is not a day as the layout says"
         " (09/02/2026): choose its format."),
        (changed("1 234,56", "1.234"), FRENCH, "Line 4, column “Crédit”: “1.234” has two readings"),
        (changed(";;12,00;", ";;12,00;5,00"), FRENCH,
         "Line 5, column “Crédit”: The row has a debit and a credit: it must be one of them."),
        (changed(";;12,00;", ";;;"), FRENCH, "Line 5, column “Crédit”: It is empty."),
        (changed("03/11/2026;;FRAIS", ";;FRAIS"), FRENCH, "Line 5, column “Date opération”: “” is"),
        (changed("Crédit", "Avoir"), FRENCH, "The file has no column “crédit”; it has: “Date"),
        (STATEMENT[: STATEMENT.index("02/11")].encode(), FRENCH, "a header and no row"),
        (b"", FRENCH, "The file is empty."),
        (STATEMENT.encode("utf-16"), FRENCH, "not a CSV"),
        (STATEMENT.encode(), Layout({"booked": "Date opération"}), "which column has the amount"),
        (STATEMENT.encode(), Layout({"amount": "Crédit"}), "Say which column has the day"),
        (STATEMENT.encode(), Layout({**FRENCH.columns, "words": "Débit"}), "One column cannot"),
        (STATEMENT.encode(), Layout(FRENCH.columns, day_format="%c"), "This is no format of days."),
    ],
)  # fmt: skip
def test_a_bad_file_says_where_and_what_to_do(data: bytes, layout: Layout, told: str) -> None:
    with pytest.raises(BadFile) as refused:
        read_csv(data, layout)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    "row",
    ["TOTAL;;;;12,00;1 234,56", ";;ANCIEN SOLDE;;;5 000,00", "NOUVEAU SOLDE;;;;;6 222,56",
     ";;Solde final au 30/11/2026;;;5 000,00", "Fin du relevé", "Sous-total : 2 opérations",
     "Total;1 222,56", "المجموع;;;;12,00;1 234,56"],
)  # fmt: skip
def test_sums_and_words_below_are_no_movements(row: str) -> None:
    assert list(read_csv(f"{STATEMENT}{row}\n".encode(), FRENCH).movements) == READ


@pytest.mark.parametrize(
    "row", ["05/11/2026;;Total", "2026-11-05;;Total;;;1,00", ";;VIR RECU;;;12,00", "VIR;12,00"]
)
def test_what_was_cut_off_a_movement_is_missed(row: str) -> None:
    with pytest.raises(BadFile, match="Line 9"):
        read_csv(f"{STATEMENT}{row}\n".encode(), FRENCH)


def test_many_problems_are_counted_beyond_the_first_five() -> None:
    rows = "".join(f"{n:02}/11/2026;;x;;x;\n" for n in range(1, 9))
    data = STATEMENT[: STATEMENT.index("02/11")].encode() + rows.encode()
    with pytest.raises(BadFile, match=r"Line 8, .* 3 more\.$"):
        read_csv(data, FRENCH)


def test_the_same_line_twice_on_a_day_is_two_lines_and_in_two_files_one() -> None:
    one, other = READ
    first = fingerprints("225", [one, one, other])
    assert len(set(first)) == 3
    assert fingerprints("225", [other, one, one]) == [first[2], first[0], first[1]]
    assert set(fingerprints("226", [one, other])).isdisjoint(first)
    assert account_key("MA64 2258 1001 2345 6789 0123 4560") == "225810012345678901234560"
