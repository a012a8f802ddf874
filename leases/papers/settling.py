"""A deposit's settlement as the company reads it: line by line, with what shows each, and the sums;
in the language in force."""

from decimal import Decimal
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext

from core import formats
from core.periods import today
from core.spelling import spelled_money
from leases.models import DepositSettlement, SettlementLine
from leases.papers.parties import isolated, language, own
from leases.papers.schedule import money
from leases.selectors.settlements import SettlementAccount, account_of


def of_settlement(settlement: DepositSettlement) -> dict[str, str]:
    """What the placeholders stand for; a sum of nothing has nothing to say."""
    found, lease = account_of(settlement), settlement.lease
    left = found.left if not found.final else Decimal(0)
    sums = {
        "held": found.held,
        "kept": found.kept,
        "to_return": found.to_return,
        "still_held": left,
    }
    said = {name: money(sum_) if sum_ else "" for name, sum_ in sums.items()}
    words = {
        f"{name}_in_words": spelled_money(sum_, language()) if sum_ else ""
        for name, sum_ in sums.items()
    }
    last = lease.exit_on if found.final else None
    return {
        **said,
        **words,
        "settled_on": formats.day(settlement.on or today(), language(), long=True),
        "last_day": formats.day(last, language(), long=True) if last else "",
        "note": own(settlement.note),
    }


def told(settlement: DepositSettlement) -> dict[str, Any]:
    """The table below the letter."""
    found = account_of(settlement)
    heads = (gettext("No."), gettext("for what"), gettext("amount"))
    return {
        "title": gettext("What is kept of the deposit"),
        "heads": [capfirst(head) for head in heads],
        "rows": [_row(number, line) for number, line in enumerate(found.lines, start=1)],
        "sums": [[capfirst(label), money(sum_)] for label, sum_ in _sums(found)],
    }


def _row(number: int, line: SettlementLine) -> dict[str, Any]:
    names = [own(each.name) for each in line.evidence.all()]
    shown = gettext("shown by: %(names)s") % {"names": formats.listed(names, language())}
    return {
        "number": isolated(str(number)),
        "kind": capfirst(str(line.get_kind_display())),
        "words": own(line.words),
        "evidence": [capfirst(shown)] if names else [],
        "amount": money(line.amount),
    }


def _sums(found: SettlementAccount) -> list[tuple[str, Decimal]]:
    left = gettext("to return to you") if found.final else gettext("still held")
    return [
        (gettext("held before"), found.held),
        (gettext("kept in all"), found.kept),
        (left, found.left),
    ]
