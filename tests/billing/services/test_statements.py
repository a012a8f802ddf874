"""Statements are read once, and a bad one leaves nothing."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from billing.errors.bank import BalancesDiffer, BankOfAnother, ColumnsUnknown
from billing.models import BankLine, BankStatement, CsvMapping
from billing.services.statements import import_statement, keep_mapping
from core.workbooks import BadFile
from sites.models import Lessor, Site
from tests.billing.banking import COLUMNS, HEAD, hub, read
from tests.billing.test_camt import BACK, BATCH, PLAIN, statement

pytestmark = pytest.mark.django_db
day = dt.date


@pytest.fixture(autouse=True)
def _in_november() -> Any:
    with time_machine.travel(dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def site() -> Site:
    return hub()


def test_a_line_in_two_files_is_one_and_the_same_file_changes_nothing(site: Site) -> None:
    first, second = "02/11/2026;VIR;R1;100,00", "02/11/2026;VIR;R1;100,00"
    third = "03/11/2026;FRAIS;;-5,00"
    assert len(read(site, first, second)) == 2
    assert [line.words for line in read(site, first, second, third, name="b.csv")] == ["FRAIS"]
    data = (HEAD + "\n".join([first, second, third])).encode()
    again = import_statement(lessor=site.lessor, name="c.csv", data=data, acting_user=None)
    assert (again.again, again.added, again.statement.name) == (True, 0, "b.csv")
    told = BankStatement.objects.order_by("id").values_list("name", "seen_before")
    assert list(told) == [("novembre.csv", 0), ("b.csv", 2)]
    assert BankLine.objects.count() == 3


def test_equal_lines_of_two_accounts_are_two(site: Site) -> None:
    for rib in ("225810012345678901234560", "225810012345678901234561"):
        data = f"RIB {rib};;;\n{HEAD}02/11/2026;FRAIS DE TENUE;;-12,00".encode()
        got = import_statement(lessor=site.lessor, name="frais.csv", data=data, acting_user=None)
        assert (got.added, got.statement.bank_account) == (1, rib)


def test_lines_that_differ_by_who_paid_alone_are_two(site: Site) -> None:
    columns = {**COLUMNS, "counterparty": "Tiers"}
    keep_mapping(lessor=site.lessor, name="BD", columns=columns, acting_user=None)
    head = HEAD.replace("Date;", "Date;Tiers;")
    noon = "02/11/2026;ATLAS DATA;VIR RECU;;1000,00"
    evening = "02/11/2026;RIF SOFT;VIR RECU;;1000,00"
    for rows in ([noon], [evening, noon]):  # the latest first, as banks list them
        data = (head + "\n".join(rows)).encode()
        import_statement(lessor=site.lessor, name="jour.csv", data=data, acting_user=None)
    told = BankLine.objects.order_by("id").values_list("counterparty", flat=True)
    assert list(told) == ["ATLAS DATA", "RIF SOFT"]


def test_balances_that_differ_and_bad_lines_leave_nothing(site: Site) -> None:
    lessor = site.lessor
    for data, error in (
        (statement(PLAIN, BATCH, BACK, closing="2299.00"), BalancesDiffer),
        (b"<x/>", BadFile),
        (b"Jour;Somme\n02/11/2026;100,00", ColumnsUnknown),
        ((HEAD + "02/11/2026;a;b;100,00\n33/11/2026;a;b;5,00").encode(), BadFile),
    ):
        with pytest.raises(error):
            import_statement(lessor=lessor, name="x", data=data, acting_user=None)
    mapping = CsvMapping.objects.get()
    with pytest.raises(BadFile, match="Line 3"):
        import_statement(lessor=lessor, name="x", data=data, mapping=mapping, acting_user=None)
    other = Lessor.objects.create(
        code="o", name="Autre", legal_form="SA", rib="225810012345678901234560"
    )
    with pytest.raises(BankOfAnother):
        import_statement(
            lessor=lessor, name="x", data=statement(PLAIN, BATCH, BACK), acting_user=None
        )
    assert (BankStatement.objects.count(), BankLine.objects.count()) == (0, 0)
    got = import_statement(
        lessor=other, name="x", data=statement(PLAIN, BATCH, BACK), acting_user=None
    )
    assert (got.added, got.statement.bank_account, got.statement.format) == (
        4,
        other.rib,
        "camt053",
    )
    assert [line.reversal for line in got.statement.lines.all()].count(True) == 1


def test_a_mapping_is_kept_by_its_name_and_must_make_sense(site: Site) -> None:
    again = keep_mapping(lessor=site.lessor, name="BD", columns={**COLUMNS, "value": "Valeur"},
                         acting_user=None)  # fmt: skip
    assert CsvMapping.objects.get() == again
    with pytest.raises(ValidationError, match="day of booking"):
        keep_mapping(lessor=site.lessor, name="X", columns={"amount": "M"}, acting_user=None)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_keep_the_same_columns_keep_one(site: Site) -> None:
    def keep(heading: str) -> CsvMapping:
        columns = {**COLUMNS, "words": heading}
        try:
            return keep_mapping(lessor=site.lessor, name="B2", columns=columns, acting_user=None)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            keep_mapping(lessor=site.lessor, name="B2", columns=COLUMNS, acting_user=None)
            second = pool.submit(keep, "Motif")
            with pytest.raises(TimeoutError):
                second.result(timeout=0.5)
        assert second.result().columns["words"] == "Motif"
    assert CsvMapping.objects.filter(name="B2").count() == 1
