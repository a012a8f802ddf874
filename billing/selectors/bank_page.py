"""What the page of a bank statement shows: its lines by how sure they are, each explained."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, prefetch_related_objects

from billing.bank_matching import Candidate
from billing.choices import BankLineState
from billing.choices import MatchAct as Act
from billing.models import BankLine, BankStatement, Payment, Refund
from billing.selectors.bank_book import Proposed, proposed_for
from billing.selectors.paying import mistaken
from core.money import ZERO

ROWS: Final = 50


class Group(StrEnum):
    SURE = "sure"
    DOUBTFUL = "doubtful"
    UNKNOWN = "unknown"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Part:
    """What of a line goes to an invoice, DH."""

    invoice_id: int
    number: str
    open: Decimal
    paid: Decimal
    withheld: Decimal


@dataclass(frozen=True, slots=True)
class Proposal:
    """A candidate with the words that its ids stand for. `entered`: numbers of payments, cheques or
    refunds that are in the books."""

    candidate: Candidate
    company: str
    parts: Sequence[Part]
    entered: Sequence[str]
    credit: Decimal
    """What stays the company's."""


@dataclass(frozen=True, slots=True)
class Shown:
    """`payments`, `refunds`: what became of a line; nothing of one that waits."""

    line: BankLine
    group: Group
    proposals: Sequence[Proposal]
    payments: Sequence[Payment] = ()
    refunds: Sequence[Refund] = ()


class StatementPage:
    """A statement's lines, each kind of row in one query; a group of them, page by page."""

    def __init__(self, statement: BankStatement, asked: str = "", page: str = "1") -> None:
        self.statement, self.number = statement, page
        groups = [group for group in Group if self.groups[group]]
        self.group = Group(asked) if asked in set(Group) else (groups or [Group.DONE])[0]

    @cached_property
    def proposed(self) -> Proposed:
        return proposed_for(self.statement.lessor_id)

    @cached_property
    def groups(self) -> Mapping[Group, Sequence[int]]:
        """By group, its lines in their order."""
        found: dict[Group, list[int]] = {group: [] for group in Group}
        rows = BankLine.objects.filter(statement=self.statement).order_by("position")
        for pk, state in rows.values_list("pk", "state"):
            found[group_of(state, self.proposed.by_line.get(pk, ()))].append(pk)
        return found

    @property
    def lines(self) -> int:
        return sum(len(lines) for lines in self.groups.values())

    @cached_property
    def page(self) -> Page[Any]:
        return Paginator(self.groups[self.group], ROWS).get_page(self.number)

    @cached_property
    def shown(self) -> list[Shown]:
        rows = BankLine.objects.filter(pk__in=list(self.page)).order_by("position")
        return explained(rows, self.proposed)


def group_of(state: str, candidates: Sequence[Candidate]) -> Group:
    if state != BankLineState.NEW:
        return Group.DONE
    if not candidates:
        return Group.UNKNOWN
    return Group.SURE if candidates[0].sure else Group.DOUBTFUL


def explained(lines: Any, proposed: Proposed) -> list[Shown]:
    """Lines (a queryset) with their proposals, or what became of them."""
    rows = list(lines.select_related("payment", "refund", "acting_user"))
    done = {row for row in rows if row.state != BankLineState.NEW}
    standing = Payment.objects.exclude(mistaken()).select_related("company")
    prefetch_related_objects(list(done), Prefetch("payments", standing), "refunds")
    found = {row.pk: proposed.by_line.get(row.pk, ()) for row in rows}
    words = _Words(proposed, (each for candidates in found.values() for each in candidates))
    return [
        Shown(
            row,
            group_of(row.state, found[row.pk]),
            [words.of(each, row.amount) for each in found[row.pk]],
            *((row.payments.all(), row.refunds.all()) if row in done else ()),
        )
        for row in rows
    ]


class _Words:
    """What ids stand for, of all candidates of a page at once."""

    def __init__(self, proposed: Proposed, candidates: Iterable[Candidate]) -> None:
        self.proposed, all_of = proposed, list(candidates)
        payments = Payment.objects.filter(pk__in={pk for each in all_of for pk in each.payment_ids})
        self.payments = dict(payments.values_list("pk", "number"))
        refunds = Refund.objects.filter(
            pk__in={each.refund_id for each in all_of if each.refund_id is not None}
        )
        self.refunds = dict(refunds.values_list("pk", "number"))

    def of(self, candidate: Candidate, amount: Decimal) -> Proposal:
        entered = [self.payments[pk] for pk in candidate.payment_ids]
        if candidate.refund_id is not None:
            entered.append(self.refunds[candidate.refund_id])
        paid = sum((share.paid for share in candidate.shares), ZERO)
        return Proposal(
            candidate,
            self.proposed.companies[candidate.company_id],
            [
                Part(
                    share.invoice_id,
                    *self.proposed.invoices[share.invoice_id],
                    share.paid,
                    sum(share.withheld, ZERO),
                )
                for share in candidate.shares
            ],
            entered,
            amount - paid if candidate.act == Act.PAY else ZERO,
        )
