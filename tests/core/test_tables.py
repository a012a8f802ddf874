"""Files as people have them: read for sure, or refused with the reason."""

import datetime as dt
import io
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from core.tables import Column, Row, Table, read_table
from core.workbooks import BadFile

COLUMNS = (Column("name", required=True), Column("city"), Column("area_m2"))


def read(data: bytes | str, **options: Any) -> Table:
    content = data.encode() if isinstance(data, str) else data
    return read_table(content, columns=COLUMNS, **options)


def refusal(data: bytes | str, **options: Any) -> str:
    with pytest.raises(BadFile) as refused:
        read(data, **options)
    return refused.value.message


def workbook(*rows: list[Any]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def names(table: Table) -> list[Any]:
    return [row.cells.get("name") for row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_usual_csv_file_is_the_same_table(encoding: str, separator: str, end: str) -> None:
    text = 'name|city|note\nL’Été à « Fès »|Tanger|x\n\n"A; B, ""C"""|Rabat|y\n'
    data = text.replace("|", separator).replace("\n", end).encode(encoding)
    assert read(data) == Table(
        rows=[
            Row(
                2,
                {"name": "L’Été à « Fès »", "city": "Tanger"},
                ["L’Été à « Fès »", "Tanger", "x"],
            ),
            Row(4, {"name": 'A; B, "C"', "city": "Rabat"}, ['A; B, "C"', "Rabat", "y"]),
        ],
        header=["name", "city", "note"],
        headings={"name": "name", "city": "city"},
        ignored=["note"],
    )


def test_a_row_is_known_by_the_line_where_it_begins() -> None:
    table = read('name,city\n"two\nlines",Rabat\nnext,Tanger\n')
    assert [(row.line, row.cells["name"]) for row in table.rows] == [(2, "two\nlines"), (4, "next")]


def test_excels_own_separator_line_is_obeyed() -> None:
    table = read("sep=;\nname;city\nA, B;Rabat\n")
    assert [(row.line, row.cells) for row in table.rows] == [(3, {"name": "A, B", "city": "Rabat"})]


def test_a_heading_can_be_mapped_and_is_named_as_the_file_does() -> None:
    table = read("Raison sociale;Area m2\nA;12\n", mapping={"raison  Sociale": "name"})
    assert table.headings == {"name": "Raison sociale", "area_m2": "Area m2"}
    assert names(table) == ["A"]


def test_empty_columns_at_the_end_are_no_columns() -> None:
    assert read("name;city;;\nA;Rabat;;\n").header == ["name", "city"]


def test_rows_of_the_wrong_length_come_with_their_problem() -> None:
    table = read("name,city\nA,Rabat,x\nB\nC,\n")
    assert [row.problem for row in table.rows] == [
        "The row has 3 cells, the header 2.",
        "The row ends after 1 cell of 2.",
        "",
    ]


def test_a_workbooks_days_and_numbers_stay_what_they_are() -> None:
    day = dt.datetime(2026, 2, 9)
    table = read(workbook(["name", "area_m2"], ["A", 12.5], [day], [None, None], ["C", 3]))
    assert [(row.line, dict(row.cells)) for row in table.rows] == [
        (2, {"name": "A", "area_m2": 12.5}),
        (3, {"name": day, "area_m2": None}),
        (5, {"name": "C", "area_m2": 3}),
    ]


def test_a_damaged_workbook_is_refused_wherever_it_is_damaged() -> None:
    whole = workbook(["name"], *(["Atlas"] for _row in range(40)))
    told = set()
    for place in range(10, len(whole), len(whole) // 40):
        data = (
            whole[:place]
            + bytes([whole[place] ^ 0xFF, whole[place + 1] ^ 0x5A])
            + whole[place + 2 :]
        )
        try:
            read(data)
        except BadFile as refused:
            told.add(refused.message.partition(":")[0])
    assert told == {"This is not a readable XLSX file"}


def test_a_workbooks_error_is_not_read_as_text() -> None:
    assert refusal(workbook(["name"], ["#REF!"])) == (
        "Line 2 of the workbook holds the error #REF!."
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "The file is empty."),
        (b" \r\n", "The file is empty."),
        (b"name,city\n", "The file has a header and no row."),
        (b"name,Name\nA,B\n", "The column “name” is there twice."),
        (b"city;note\nA;B\n", "The column “name” is missing; the file has: “city”, “note”."),
        (b"x" * (20 * 1024 * 1024 + 1), "The file is larger than 20 MB: divide it."),
        (
            "name\nÉté\n".encode("utf-16"),
            "This is not a CSV or XLSX file: save it as “CSV UTF-8” or as XLSX.",
        ),
        (
            b"name\nA\0B\n",
            "This is not a CSV or XLSX file: save it as “CSV UTF-8” or as XLSX.",
        ),
        (b"\xd0\xcf\x11\xe0rest", "This is an old Excel file: save it as XLSX."),
        (
            "name\nA\nÉté".encode()[:-1] + "Été".encode(),
            "The file is UTF-8 and damaged in line 3: save it anew.",
        ),
        (
            "name\nÉté\n".encode("cp850"),
            "The file is neither UTF-8 nor Windows-1252 (line 2 has “\ufffd”): "
            "save it as “CSV UTF-8”.",
        ),
        (
            "name\nété\n".encode("mac_roman"),
            "The file is neither UTF-8 nor Windows-1252 (line 2 has “Ž”): save it as “CSV UTF-8”.",
        ),
        (
            b'name,city\n"A" B,C\n',
            "Line 2 cannot be read (',' expected after '\"'): look at its quotes.",
        ),
    ],
)
def test_a_file_that_is_not_sure_is_refused(data: bytes, reason: str) -> None:
    assert refusal(data) == reason


def test_a_quote_that_never_ends_is_refused() -> None:
    assert refusal('name,city\n"A,B\nC,D\n') == (
        "Line 2 cannot be read (unexpected end of data): look at its quotes."
    )


def test_a_mapping_that_does_not_fit_is_refused() -> None:
    assert refusal("name,ville\nA,B\n", mapping={"ville": "town"}) == (
        "There is no column “town”; known are: name, city, area_m2."
    )
    assert refusal("name,ville\nA,B\n", mapping={"place": "city"}) == (
        "The file has no column “place”; it has: “name”, “ville”."
    )
    assert refusal("name,city,ville\nA,B,C\n", mapping={"ville": "city"}) == (
        "Two columns give “city”."
    )


def test_a_broken_workbook_is_refused() -> None:
    whole = workbook(["name"], ["A"])
    for data in (whole[:300], whole[:-40], b"PK\x03\x04" + b"\1" * 500):
        assert refusal(data).startswith("This is not a readable XLSX file: ")


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    with suppress(BadFile):
        assert read(b"name;city\n" + data).rows != []
