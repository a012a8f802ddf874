"""What a line of a bank's statement most likely is: sure or doubtful, with reasons. Pure.

Sure is what a person need not look at: the invoice's number with its amount; the name of a company
with the amount of its only open invoice, or of all of them. Everything else that fits is doubtful.
Lines are looked at together: where sure ones would take more of an invoice than is open, none of
them is sure. Their order says nothing.
"""

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from billing.bank_facts import Book, Entered, Line
from billing.bank_sums import closed_by, some_closed_by
from billing.bank_texts import Said, cheque_key, said
from billing.choices import MatchAct as Act
from billing.choices import MatchReason as Reason
from billing.sharing import Portion, oldest_first
from core.money import ZERO

NEAR: Final = dt.timedelta(days=7)
"""How far a transfer that was entered by hand may be from its line."""
_MOST: Final = 5
"""Candidates for a line."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing that a line may be. What of its amount `shares` leave is the company's credit."""

    act: Act
    company_id: int
    sure: bool
    reasons: tuple[Reason, ...]
    shares: tuple[Portion, ...] = ()
    payment_ids: tuple[int, ...] = ()
    refund_id: int | None = None

    @property
    def key(self) -> str:
        """Of what accepting it does, whatever is thought of it meanwhile."""
        told = repr((self.act.value, self.company_id, self.payment_ids, self.refund_id,
                     [(s.invoice_id, str(s.paid), [str(w) for w in s.withheld])
                      for s in self.shares]))  # fmt: skip
        return hashlib.sha256(told.encode()).hexdigest()[:16]


Proposals = Mapping[int, Sequence[Candidate]]
"""By line: what it may be, the likeliest first. Of the first alone `sure` is asked."""


def propose(lines: Sequence[Line], book: Book) -> Proposals:
    """By line its candidates, at most five; none where nothing fits."""
    found = {line.id: _ranked(_candidates(line, book)) for line in lines}
    contested = _contested(found, book)
    return {
        pk: [
            _doubted(each, Reason.CONTESTED) if each.sure and _takes(each) & contested else each
            for each in candidates
        ]
        for pk, candidates in found.items()
    }


def _candidates(line: Line, book: Book) -> list[Candidate]:
    words = said(line.counterparty, line.reference, line.words)
    if line.amount < ZERO:
        found = [*_bounces(line, words, book), *_refunds(line, words, book)]
    else:
        found = [*_clearings(line, words, book), *_seen(line, words, book)]
        again = (
            _doubted(each, Reason.TWIN)
            if (each.company_id, line.amount, line.day) in book.came
            else each
            for each in _payments(line, words, book)
        )
        found += again
    return [_doubted(each, Reason.REVERSAL) for each in found] if line.reversal else found


def _doubted(candidate: Candidate, reason: Reason) -> Candidate:
    return replace(candidate, sure=False, reasons=(*candidate.reasons, reason))


# --- Together -------------------------------------------------------------------------------------
_WEIGHT: Final = {
    reason: weight
    for weight, reasons in enumerate(
        (
            (Reason.AMOUNT, Reason.SUM, Reason.ALL_OPEN, Reason.REMITTANCE),
            (Reason.NAME, Reason.LEASE),
            (Reason.ENTERED,),
            (Reason.NUMBER, Reason.CHEQUE),
        ),
        start=1,
    )
    for reason in reasons
}


def _ranked(candidates: Sequence[Candidate]) -> list[Candidate]:
    if len({each.key for each in candidates if each.sure}) > 1:
        candidates = [_doubted(c, Reason.SEVERAL) if c.sure else c for c in candidates]
    known = {each.key: each for each in candidates}

    def rank(each: Candidate) -> tuple[object, ...]:
        weight = sum(2 ** _WEIGHT.get(reason, 0) for reason in each.reasons)
        return (not each.sure, -weight, each.company_id, each.key)

    return sorted(known.values(), key=rank)[:_MOST]


def _takes(candidate: Candidate) -> set[tuple[str, int]]:
    """The rows that there is not more of than there is."""
    taken = {("invoice", share.invoice_id) for share in candidate.shares}
    taken |= {("payment", pk) for pk in candidate.payment_ids}
    return taken | ({("refund", candidate.refund_id)} if candidate.refund_id else set())


def _contested(found: Proposals, book: Book) -> set[tuple[str, int]]:
    """What sure lines take together more of than there is."""
    wanted: Counter[tuple[str, int]] = Counter()
    taken: dict[int, Decimal] = defaultdict(Decimal)
    for candidates in found.values():
        for each in candidates[:1]:
            if each.sure:
                wanted.update(row for row in _takes(each) if row[0] != "invoice")
                for share in each.shares:
                    taken[share.invoice_id] += share.paid + sum(share.withheld, ZERO)
    opened = {claim.invoice_id: claim.open for claim in book.claims}
    twice = {row for row, count in wanted.items() if count > 1}
    return twice | {("invoice", pk) for pk, amount in taken.items() if amount > opened[pk]}


# --- Cheques, refunds, what was entered before ----------------------------------------------------
def _clearings(line: Line, words: Said, book: Book) -> Iterable[Candidate]:
    for cheque in book.waiting_cheques.get(line.amount, ()):
        by_number = words.has_cheque(cheque_key(cheque.number))
        if cheque.on <= line.day and (by_number or cheque.banked):
            reasons = (Reason.CHEQUE, Reason.AMOUNT) if by_number else (Reason.AMOUNT,)
            yield Candidate(Act.CLEAR, cheque.company_id, by_number, reasons,
                            payment_ids=(cheque.id,))  # fmt: skip
    for cheques in book.remittances.get(line.amount, ()):
        if cheques[0].on <= line.day:
            ids = tuple(sorted(cheque.id for cheque in cheques))
            company = min(cheque.company_id for cheque in cheques)
            yield Candidate(Act.CLEAR, company, False, (Reason.REMITTANCE,), payment_ids=ids)


def _bounces(line: Line, words: Said, book: Book) -> Iterable[Candidate]:
    """Never sure: it takes back what the cheque settled."""
    for cheque in book.cheques:
        of_it = cheque.amount == -line.amount and words.has_cheque(cheque_key(cheque.number))
        if of_it and cheque.may_bounce_on(line.day):
            yield Candidate(Act.BOUNCE, cheque.company_id, False,
                            (Reason.CHEQUE, Reason.AMOUNT, Reason.TAKES_BACK),
                            payment_ids=(cheque.id,))  # fmt: skip


def _refunds(line: Line, words: Said, book: Book) -> Iterable[Candidate]:
    for refund, reasons, sure in _fitting(book.refunds, -line.amount, line, words, book):
        yield Candidate(Act.REFUND, refund.company_id, sure, reasons, refund_id=refund.id)


def _seen(line: Line, words: Said, book: Book) -> Iterable[Candidate]:
    for payment, reasons, sure in _fitting(book.entered, line.amount, line, words, book):
        yield Candidate(Act.SEEN, payment.company_id, sure, reasons, payment_ids=(payment.id,))


def _fitting(
    rows: Sequence[Entered], amount: Decimal, line: Line, words: Said, book: Book
) -> Iterable[tuple[Entered, tuple[Reason, ...], bool]]:
    """Of the amount, near the day; sure by reference or name, where it is the only one."""
    near = [r for r in rows if r.amount == amount and abs(r.on - line.day) <= NEAR]
    _some, telling = words.named(book.names)
    for row in near:
        reasons = [Reason.ENTERED, Reason.AMOUNT]
        if (key := cheque_key(row.number)) and words.has_cheque(key):
            reasons.append(Reason.NUMBER)
        if row.company_id in telling:
            reasons.append(Reason.NAME)
        sure = len(reasons) > 2 and len([r for r in near if r.company_id == row.company_id]) == 1
        yield row, tuple(reasons), sure


# --- Invoices -------------------------------------------------------------------------------------
def _payments(line: Line, words: Said, book: Book) -> list[Candidate]:
    numbered = {claim for key in words.keys & book.by_key.keys() for claim in [book.by_key[key]]}
    numbered |= {book.by_sequence[s] for s in words.sequences & book.by_sequence.keys()}
    leased = {claim for key in words.keys & book.by_lease.keys() for claim in book.by_lease[key]}
    some, telling = words.named(book.names)
    by_number = {claim.company_id for claim in numbered}
    by_lease = {claim.company_id for claim in leased}
    found = []
    for company in sorted(by_number | by_lease | some):
        why = [
            reason
            for reason, companies in (
                (Reason.NUMBER, by_number),
                (Reason.LEASE, by_lease),
                (Reason.NAME, some),
            )
            if company in companies
        ]
        candidate = _of_company(
            line,
            book,
            company,
            why,
            numbered={claim.invoice_id for claim in numbered if claim.company_id == company},
            leased={claim.invoice_id for claim in leased if claim.company_id == company},
        )
        if candidate.sure and why == [Reason.NAME] and company not in telling:
            candidate = _doubted(candidate, Reason.ONE_OF_SEVERAL)
        if candidate.sure and (by_number | by_lease | telling) != {company}:
            candidate = _doubted(candidate, Reason.OTHER_NAME)
        found.append(candidate)
    if any(each.sure for each in found):
        return found
    known = {each.company_id for each in found}
    return found + [each for each in _by_amount(line, book) if each.company_id not in known]


def _of_company(
    line: Line,
    book: Book,
    company: int,
    why: Sequence[Reason],
    *,
    numbered: Set[int],
    leased: Set[int],
) -> Candidate:
    """What the line pays of what is open of a company that it points to."""
    items = book.items(company, line.day)
    named = [item for item in items if item.invoice_id in numbered]
    of_lease = [item for item in items if item.invoice_id in leased]

    def made(shares: Sequence[Portion], *reasons: Reason, sure: bool = False) -> Candidate:
        return Candidate(Act.PAY, company, sure, (*why, *reasons), tuple(shares))

    if fit := closed_by(named, line.amount):
        return made(*fit, sure=True)
    if not numbered and (fit := closed_by(items, line.amount, Reason.ALL_OPEN)):
        return made(*fit, sure=True)
    if numbered and not named:
        whole = closed_by(items, line.amount)
        return made(whole[0] if whole else oldest_first(line.amount, items), Reason.SETTLED)
    if not items:
        return made((), Reason.NOTHING_OPEN)
    if fit := closed_by(of_lease, line.amount) or some_closed_by(items, line.amount):
        return made(*fit, Reason.ONE_OF_SEVERAL)
    pool = named or of_lease or items
    shares = oldest_first(line.amount, pool)
    over = sum((share.paid for share in shares), ZERO) < line.amount
    return made(shares, Reason.OVER if over else Reason.PARTIAL)


def _by_amount(line: Line, book: Book) -> Iterable[Candidate]:
    """Companies that nothing points to: what one invoice asks, or all of them."""
    for company in sorted(book.asking(line.day).get(line.amount, ())):
        items = book.items(company, line.day)
        fits = [fit for item in items if (fit := closed_by([item], line.amount))]
        if fit := fits[0] if fits else closed_by(items, line.amount, Reason.ALL_OPEN):
            yield Candidate(Act.PAY, company, False, tuple(fit[1:]), tuple(fit[0]))
