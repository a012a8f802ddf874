"""Journals as files for the accountant: each piece once, or marked as exported again."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Final

from django.core.files.base import ContentFile
from django.utils import timezone, translation

from accounts.models import User
from accounts.rights import Action
from billing.booking import Entry, Piece
from billing.choices import Journal, LedgerKey
from billing.errors.books import BadAccount, BadCode, BadLayout, NothingToExport
from billing.layouts import Column, Layout, party_code, read, table
from billing.models import ExportedPiece, JournalExport, JournalLayout, LedgerAccount
from billing.models.books import CODE
from billing.permissions import require_lessor
from billing.selectors.accounts import accounts_of, looks_of
from billing.selectors.closings import not_exported
from billing.selectors.pieces import pieces_of
from billing.telling import piece_label
from core.cells import harmless
from core.history import recorded
from core.periods import Period
from core.stored_files import gone_unless_committed
from sites.models import Lessor

HEADINGS: Final[Mapping[Column, str]] = {
    Column.JOURNAL: "Journal",
    Column.DATE: "Date",
    Column.PIECE: "Pièce",
    Column.ACCOUNT: "Compte",
    Column.PARTY: "Tiers",
    Column.LABEL: "Libellé",
    Column.DEBIT: "Débit",
    Column.CREDIT: "Crédit",
}


def export_journal(
    *,
    lessor: Lessor,
    journal: Journal,
    period: Period,
    acting_user: User | None,
    layout: str | None = None,
    again: bool = False,
) -> JournalExport:
    """A file of the pieces of a bounded period that no file had yet; `again`: of all of them, and
    those that one had are marked. The file is kept as it was sent.

    `layout`: a preset's name or a word of `billing.layouts`; the lessor's where none is said.

    A file whose transaction does not commit is taken away again, at the latest by the night's
    sweep. Raises NothingToExport, BadLayout, NotAllowed.
    """
    with gone_unless_committed() as written, recorded(acting_user):
        require_lessor(acting_user, Action.EXPORT, "books", lessor)
        require_lessor(acting_user, Action.CHANGE, "books", lessor)
        kept = looks_of(lessor.pk)
        layout = kept.written if layout is None else layout
        looks = _read(layout)
        # Two that export wait for each other, so that no piece is in two files.
        Lessor.objects.select_for_update(no_key=True).get(pk=lessor.pk)
        found = [one for one in pieces_of(lessor.pk, journal, period) if one.settled]
        new = {piece.key for piece in not_exported(lessor.pk, journal, found)}
        pieces = found if again else [piece for piece in found if piece.key in new]
        if not pieces:
            raise NothingToExport
        data = file_of(pieces, accounts_of(lessor.pk), looks, kept.codes[journal])
        export = JournalExport(
            lessor=lessor,
            journal=journal,
            period=period,
            layout=layout,
            again=len(new) < len(pieces),
            pieces=len(pieces),
            sha256=sha256(data).hexdigest(),
            made_at=timezone.now(),
            acting_user=acting_user,
        )
        export.file.save("", ContentFile(data), save=False)
        written.append((export.file.storage, str(export.file.name)))
        export.save()
        ExportedPiece.objects.bulk_create(
            ExportedPiece(
                export=export,
                lessor=lessor,
                journal=journal,
                piece=piece.key,
                again=piece.key not in new,
            )
            for piece in pieces
        )
    return export


def file_of(
    pieces: Iterable[Piece], accounts: Mapping[LedgerKey, str], layout: Layout, journal: str
) -> bytes:
    """The CSV of pieces, a line for each entry, in French: it is the accountant's. `journal`: what
    that one calls it."""
    with translation.override("fr"):
        rows = [
            {Column.JOURNAL: journal, **_row(piece, entry, accounts[entry.key])}
            for piece in pieces
            for entry in piece.entries
        ]
    text = io.StringIO(newline="")
    lines = csv.writer(text, delimiter=layout.delimiter)
    if layout.header:
        lines.writerow([HEADINGS[column] for column in layout.columns])
    lines.writerows(table(layout, rows))
    return text.getvalue().encode(layout.encoding, errors="replace")


def _row(piece: Piece, entry: Entry, account: str) -> dict[Column, str | dt.date | Decimal]:
    return {
        Column.DATE: piece.event.day,
        Column.PIECE: harmless(piece.event.number),
        Column.ACCOUNT: account,
        Column.PARTY: party_code(piece.event.company_id) if entry.of_third_party else "",
        Column.LABEL: harmless(piece_label(piece)),
        Column.DEBIT: entry.debit,
        Column.CREDIT: entry.credit,
    }


def set_layout(
    *, lessor: Lessor, written: str, codes: Mapping[Journal, str], acting_user: User | None
) -> JournalLayout:
    """How files of the lessor's journals look from now on, and what the journals are called in
    them: files that were sent stay. Raises BadLayout, BadCode, NotAllowed."""
    _read(written)
    told = {journal.value: code.strip().upper() for journal, code in codes.items()}
    if set(told) != set(Journal.values) or not all(
        re.fullmatch(CODE, code) for code in told.values()
    ):
        raise BadCode
    with recorded(acting_user):
        require_lessor(acting_user, Action.CHANGE, "books", lessor)
        row, _made = JournalLayout.objects.update_or_create(
            lessor=lessor, defaults={"written": written, **told}
        )
    return row


def _read(written: str) -> Layout:
    try:
        return read(written)
    except ValueError as error:
        raise BadLayout from error


def set_account(
    *, lessor: Lessor, key: LedgerKey, code: str, acting_user: User | None
) -> LedgerAccount:
    """The account on which the lessor books something, from now on: files that were sent stay.

    Raises BadAccount, NotAllowed.
    """
    code = code.strip()
    if not (code.isascii() and code.isdigit() and 2 <= len(code) <= 12):
        raise BadAccount
    with recorded(acting_user):
        require_lessor(acting_user, Action.CHANGE, "books", lessor)
        row, _made = LedgerAccount.objects.update_or_create(
            lessor=lessor, key=key, defaults={"code": code}
        )
    return row
