"""All that the staff's page of a lease shows, each kind of row in one query."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from accounts.rights import Action
from applications.models import Application
from core.periods import Period, add_months, first_of_month, today
from leases.choices import AmendmentState, HandoverWay, LeaseState, ReportState, SettlementState
from leases.models import (
    Amendment,
    DepositEntry,
    DepositSettlement,
    HandoverReport,
    Lease,
    LeaseVersion,
    Notice,
)
from leases.next_act import Next, Standing, next_act
from leases.rent import RentStatement
from leases.selectors.as_of import AsOf, Stood, stood
from leases.selectors.deposits import DepositAccount, account
from leases.selectors.settlements import settles
from leases.selectors.standing import booked_next
from leases.selectors.statements import due
from leases.selectors.stays import Stay, stay_of
from leases.selectors.terms import terms_known_on, terms_of
from leases.snapshot import Change, area_on, is_let, next_change, rent_of, rent_on
from leases.terms import ChargeTerms, LeaseTerms, LettingTerms, from_json
from sites.models import Booking
from sites.permissions import can
from sites.rates import Step
from tenants.models import Contact


@dataclass(frozen=True, slots=True)
class StepBar:
    """A step on the line of a letting's rent; an open end is drawn as a year."""

    step: Step
    now: bool

    @property
    def days(self) -> int:
        return self.step.period.days or 365


@dataclass(frozen=True, slots=True)
class Row:
    """A letting as it stands on the day that is looked at."""

    letting: LettingTerms
    there: bool
    over: bool
    """Given back, or never begun, by then."""
    rent: Decimal
    bars: Sequence[StepBar]


class LeasePage:
    """A lease as `user` may see it; what the template asks for is asked of the database once."""

    def __init__(self, lease: Lease, user: Any, *, as_of: AsOf, month: dt.date | None) -> None:
        self.lease, self.user, self.as_of = lease, user, as_of
        self.month = first_of_month(month or as_of.on)

    # --- How it stands --------------------------------------------------------------------------
    @cached_property
    def terms(self) -> LeaseTerms | None:
        """None: nothing was signed by the day that it was known on."""
        if self.as_of.version is not None:
            return from_json(self.as_of.version.terms)
        if self.as_of.known_on is not None:
            return terms_known_on(self.lease, self.as_of.known_on)
        return terms_of(self.lease)

    @cached_property
    def stood(self) -> Stood:
        return stood(self.lease, self.as_of)

    @cached_property
    def day(self) -> dt.date:
        """The day of the figures: before the first day that one, after the end the last one."""
        assert self.terms is not None
        if self.as_of.on < self.terms.period.start:
            return self.terms.period.start
        ends = [let.period.last_day for let in self.terms.lettings]
        if self.stood.state == LeaseState.ENDED and ends and None not in ends:
            return min(self.as_of.on, max(end for end in ends if end is not None))
        return self.as_of.on

    @cached_property
    def rows(self) -> list[Row]:
        """The lettings that stand on the day first, then those to come, then what is over."""
        assert self.terms is not None
        found = [self._row(self.terms, letting) for letting in self.terms.lettings]
        return sorted(found, key=lambda row: (row.over, not row.there))

    def _row(self, terms: LeaseTerms, letting: LettingTerms) -> Row:
        there = is_let(terms, letting, self.day, over=self.stood.holding_over)
        bars = [StepBar(step, self.day in step.period) for step in letting.steps]
        over = not there and letting.period.is_past(self.day)
        return Row(letting, there, over, rent_of(letting, self.day), bars)

    @cached_property
    def rent(self) -> Decimal:
        assert self.terms is not None
        return rent_on(self.terms, self.day, over=self.stood.holding_over)

    @cached_property
    def area(self) -> Decimal:
        assert self.terms is not None
        return area_on(self.terms, self.day, over=self.stood.holding_over)

    @cached_property
    def change(self) -> Change | None:
        assert self.terms is not None
        return next_change(self.terms, self.day)

    @cached_property
    def charges(self) -> list[tuple[ChargeTerms, str]]:
        """Beside the rent, each with the space that it belongs to; what is over comes last."""
        assert self.terms is not None
        return sorted(self._charges(self.terms), key=lambda each: each[0].period.is_past(self.day))

    def _charges(self, terms: LeaseTerms) -> Iterator[tuple[ChargeTerms, str]]:
        for letting in terms.lettings:
            for charge in letting.charges:
                yield charge, letting.space or ""
        for charge in terms.charges:
            yield charge, ""

    @cached_property
    def stay(self) -> Stay | None:
        return stay_of(self.lease, self.as_of.on)

    @cached_property
    def waiting(self) -> list[Booking]:
        """Who is next in the rooms of a tenant who holds over."""
        return booked_next(self.lease) if self.stood.holding_over else []

    @cached_property
    def notice(self) -> Notice | None:
        """The one that stood on the day; without its withdrawal where that came later."""
        by = min(self.as_of.on, self.as_of.known_day)
        return next((each for each in self.notices if _stands(each, by)), None)

    @cached_property
    def notices(self) -> list[Notice]:
        return [each for each in self.lease.notices.all() if each.given_on <= self.as_of.on]

    # --- What comes next ------------------------------------------------------------------------
    @cached_property
    def next(self) -> Next:
        """Nothing, where the past is looked at: acts belong to the present."""
        if self.as_of.past:
            return Next.NOTHING
        held = self.account is not None and self.account.held > 0
        missing = self.account is not None and self.account.missing > 0
        standing = Standing(
            self.lease.state,
            self.lease.period.start,
            self.lease.period.end,
            deposit_missing=missing and not self.lease.deposit_waiver,
            deposit_held=held,
            settled=held and self.settled,
            noticed=self.notice.last_day if self.notice is not None else None,
            drafts=bool(self.drafts),
            entry_written=self._written(HandoverWay.IN),
            exit_written=self._written(HandoverWay.OUT),
        )
        return next_act(standing, today=today())

    def _written(self, way: HandoverWay) -> bool:
        return any(each.way == way and each.state == ReportState.CLOSED for each in self.reports)

    @cached_property
    def reports(self) -> list[HandoverReport]:
        """The last first, begun by the moment that is looked at; a draft has none."""
        if self.lease.state == LeaseState.DRAFT:
            return []
        rows = HandoverReport.objects.visible_to(self.user).filter(lease=self.lease)
        return list(rows.filter(begun_at__lt=self.as_of.known_before).order_by("-id"))

    # --- Money ----------------------------------------------------------------------------------
    @cached_property
    def sees_deposits(self) -> bool:
        return bool(can(self.user, Action.VIEW, "deposit", self.lease.site_id))

    @cached_property
    def entries(self) -> list[DepositEntry]:
        """The older first, as far as they were entered and had come by then."""
        if not self.sees_deposits:
            return []
        return [
            entry
            for entry in self.lease.deposit_entries.all()
            if entry.made_at < self.as_of.known_before and entry.on <= self.as_of.on
        ]

    @cached_property
    def settlements(self) -> list[DepositSettlement]:
        """The last one first, without those that were dropped."""
        if not self.sees_deposits:
            return []
        if self.lease.state == LeaseState.DRAFT:
            return []  # nothing was paid yet
        rows = self.lease.settlements.exclude(state=SettlementState.DROPPED).order_by("-id")
        return list(rows.filter(begun_at__lt=self.as_of.known_before))

    @property
    def settled(self) -> bool:
        return any(settles(each, self.lease) for each in self.settlements)

    @cached_property
    def account(self) -> DepositAccount | None:
        """None: not for the user to see."""
        if not self.sees_deposits or self.terms is None:
            return None
        return account(self.terms.deposit_due, self.entries)

    @cached_property
    def statement(self) -> RentStatement:
        assert self.terms is not None
        month = Period(self.month, add_months(self.month, 1))
        return due(self.lease, self.terms, month, known_before=self.as_of.known_before)

    # --- What was agreed, and who ---------------------------------------------------------------
    @cached_property
    def amendments(self) -> list[Amendment]:
        """The last one first; drafted by the moment that is looked at."""
        rows = self.lease.amendments.select_related("acting_user", "version").order_by("-id")
        return list(rows.filter(created_at__lt=self.as_of.known_before).defer("before", "after"))

    @cached_property
    def drafts(self) -> list[Amendment]:
        """A signed one was a draft until its version was written."""
        return [each for each in self.amendments if self._was_draft(each)]

    @cached_property
    def agreed(self) -> list[Amendment]:
        return [each for each in self.amendments if not self._was_draft(each)]

    def _was_draft(self, amendment: Amendment) -> bool:
        if amendment.version is not None:
            return amendment.version.known_from >= self.as_of.known_before
        return amendment.state == AmendmentState.DRAFT

    @cached_property
    def versions(self) -> list[LeaseVersion]:
        """The last first; from each the page as it was known on its day."""
        rows = self.lease.versions.select_related("acting_user").order_by("-version")
        return list(rows.filter(known_from__lt=self.as_of.known_before).defer("terms"))

    @cached_property
    def contacts(self) -> list[Contact]:
        return list(Contact.objects.visible_to(self.user).filter(company=self.lease.company_id))

    @cached_property
    def file(self) -> Application | None:
        """The application that it came from, for those who may read it."""
        if self.lease.application_id is None:
            return None
        files = Application.objects.visible_to(self.user).filter(pk=self.lease.application_id)
        return files.only("id", "reference").first()


def _stands(notice: Notice, day: dt.date) -> bool:
    withdrawn = notice.withdrawn_on
    return notice.given_on <= day and (withdrawn is None or withdrawn > day)
