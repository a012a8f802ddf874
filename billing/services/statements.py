"""Statements of a lessor's bank, read whole or not at all, each line once; how CSV is read."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from accounts.rights import Action
from billing.bank_csv import Layout, has_columns, read_csv
from billing.camt import is_camt, read_camt
from billing.choices import StatementFormat
from billing.errors.bank import BalancesDiffer, BankOfAnother, ColumnsUnknown
from billing.models import BankLine, BankStatement, CsvMapping
from billing.movements import AccountFile, Movement, account_key, fingerprints
from billing.permissions import require_lessor
from core.history import recorded
from core.money import ZERO
from core.tables import LARGEST_FILE
from core.uploads import UploadTooLarge, cleaned_name
from core.workbooks import is_workbook
from sites.models import Lessor


@dataclass(frozen=True, slots=True)
class Imported:
    """`added` lines are new; `again`: the same bytes were read before, nothing changed."""

    statement: BankStatement
    added: int
    again: bool = False


def import_statement(
    *,
    lessor: Lessor,
    name: str,
    data: bytes,
    acting_user: User | None,
    mapping: CsvMapping | None = None,
) -> Imported:
    """Keep the lines of a bank's file that no earlier statement had. CAMT.053 is known by itself; a
    CSV or XLSX is read by `mapping`, or by the one of the lessor that fits.

    Raises BadFile, ColumnsUnknown, BalancesDiffer, BankOfAnother, UploadTooLarge, NotAllowed; then
    nothing is kept.
    """
    require_lessor(acting_user, Action.ADD, "bank", lessor)
    if len(data) > LARGEST_FILE:
        raise UploadTooLarge(megabytes=LARGEST_FILE // 1024**2)
    digest = hashlib.sha256(data).hexdigest()
    with recorded(acting_user):
        # Two that read files of one lessor wait for each other: what is new is asked once.
        Lessor.objects.select_for_update(no_key=True).get(pk=lessor.pk)
        known = BankStatement.objects.filter(lessor=lessor, sha256=digest).first()
        if known is not None:
            return Imported(known, 0, again=True)
        kind = _format_of(data)
        read = read_camt(data) if kind == StatementFormat.CAMT else _csv(data, lessor, mapping)
        _check(read, lessor)
        marks = fingerprints(read.account, read.movements)
        there = BankLine.objects.filter(lessor=lessor, fingerprint__in=marks)
        old = set(there.values_list("fingerprint", flat=True))
        statement = BankStatement.objects.create(
            lessor=lessor,
            name=cleaned_name(name),
            format=kind,
            sha256=digest,
            bank_account=read.account,
            opening=read.opening,
            closing=read.closing,
            seen_before=len(old),
            made_at=timezone.now(),
            acting_user=acting_user,
        )
        added = [
            _line(statement, position, mark, movement)
            for position, (mark, movement) in enumerate(
                zip(marks, read.movements, strict=True), start=1
            )
            if mark not in old
        ]
        BankLine.objects.bulk_create(added, batch_size=1000)
    return Imported(statement, len(added))


def _format_of(data: bytes) -> StatementFormat:
    if is_camt(data):
        return StatementFormat.CAMT
    return StatementFormat.XLSX if is_workbook(data) else StatementFormat.CSV


def _line(statement: BankStatement, position: int, mark: str, movement: Movement) -> BankLine:
    return BankLine(
        statement=statement,
        lessor_id=statement.lessor_id,
        position=position,
        booked_on=movement.booked_on,
        value_on=movement.value_on,
        amount=movement.amount,
        counterparty=movement.counterparty,
        reference=movement.reference,
        words=movement.words,
        reversal=movement.reversal,
        fingerprint=mark,
    )


def _csv(data: bytes, lessor: Lessor, mapping: CsvMapping | None) -> AccountFile:
    mapping = mapping or fitting_mapping(data, lessor)
    if mapping is None:
        raise ColumnsUnknown
    return read_csv(data, layout_of(mapping))


def fitting_mapping(data: bytes, lessor: Lessor) -> CsvMapping | None:
    """The columns kept of the lessor that the file has, the most of them. None: none fit, or
    several that read it each in its own way."""
    kept = CsvMapping.objects.filter(lessor=lessor).order_by("pk")
    fitting = [each for each in kept if has_columns(data, layout_of(each))]
    most = max((len(each.columns) for each in fitting), default=0)
    best = [each for each in fitting if len(each.columns) == most]
    alike = all(layout_of(each) == layout_of(best[0]) for each in best)
    return best[0] if best and alike else None


def _check(read: AccountFile, lessor: Lessor) -> None:
    if read.difference != ZERO:
        raise BalancesDiffer(difference=read.difference)
    if not read.account:
        return
    for other in Lessor.objects.exclude(pk=lessor.pk).exclude(rib=""):
        if account_key(other.rib) == read.account and account_key(lessor.rib) != read.account:
            raise BankOfAnother(account=read.account, lessor=other.name)


def layout_of(mapping: CsvMapping) -> Layout:
    return Layout(mapping.columns, mapping.delimiter, mapping.day_format)


def keep_mapping(
    *,
    lessor: Lessor,
    name: str,
    columns: Mapping[str, str],
    acting_user: User | None,
    delimiter: str = ";",
    day_format: str = "%d/%m/%Y",
) -> CsvMapping:
    """Which column of a bank's CSV is what, under a name; one of that name is changed.

    Raises ValidationError, NotAllowed.
    """
    require_lessor(acting_user, Action.CHANGE, "bank", lessor)
    told = {role: heading.strip() for role, heading in columns.items() if heading.strip()}
    if flaw := Layout(told, delimiter, day_format).flaw:
        raise ValidationError({"columns": [flaw]})
    with recorded(acting_user):
        # Two who keep one under the same name wait for each other.
        Lessor.objects.select_for_update(no_key=True).get(pk=lessor.pk)
        rows = CsvMapping.objects.filter(lessor=lessor, name=name.strip())
        mapping = rows.first() or CsvMapping(lessor=lessor, name=name.strip())
        mapping.columns, mapping.delimiter, mapping.day_format = told, delimiter, day_format
        mapping.full_clean()
        mapping.save()
    return mapping
