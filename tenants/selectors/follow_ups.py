"""Who is asked what became of their company, where, and what was said."""

import datetime as dt
from typing import Any, Final

from django.db.models import Exists, F, Max, OuterRef, Q
from django.utils import timezone

from core.links import VALID
from core.periods import ONE_DAY, add_months
from tenants.choices import DeclaredStatus, SaidBy
from tenants.following import ASKED_YEARS
from tenants.models import Company, Contact, Declaration, FollowUp
from tenants.querysets import FollowUpQuerySet

MOST_WRITTEN_TO: Final = 3
"""Addresses of one company that a letter goes to."""


def addresses_of(company: Company) -> list[str]:
    """Where the company is written to: its own address, or else its contacts'."""
    if company.email:
        return [company.email.lower()]
    contacts = Contact.objects.filter(company=company).exclude(email="").order_by("pk")
    found = dict.fromkeys(email.lower() for email in contacts.values_list("email", flat=True))
    return list(found)[:MOST_WRITTEN_TO]


def without_address(rows: FollowUpQuerySet) -> FollowUpQuerySet:
    """Whose company cannot be written to: staff find out themselves."""
    contacts = Contact.objects.filter(company=OuterRef("company")).exclude(email="")
    return rows.filter(~Exists(contacts), company__email="")


def perhaps_to_ask(day: dt.date) -> Any:
    """Open ones within the years that are asked about, with `declared_on`: the last day that
    anything known speaks of. `following.asks` has the last word."""
    rows = FollowUp.objects.open().filter(
        left_on__lte=add_months(day, -12),
        # A month more: clipped days are for the rule to judge.
        left_on__gte=add_months(day, -12 * (ASKED_YEARS + 1) - 1) - ONE_DAY,
    )
    known = Q(company__declarations__replaced_by__isnull=True) & ~Q(
        company__declarations__status=DeclaredStatus.UNKNOWN
    )
    return (
        rows.annotate(declared_on=Max("company__declarations__on", filter=known))
        .select_related("company", "site__lessor")
        .order_by("id")
    )


def to_remind(before: dt.datetime) -> FollowUpQuerySet:
    """Asked before that moment by a letter whose link is still good, and silent since."""
    since = Declaration.objects.filter(
        company=OuterRef("company"), made_at__gte=OuterRef("asked_at")
    )
    unreminded = Q(reminded_at__isnull=True) | Q(reminded_at__lt=F("asked_at"))
    return (
        FollowUp.objects.open()
        .filter(asked_at__lte=before, asked_at__gt=timezone.now() - VALID)
        .filter(~Exists(since))
        .filter(unreminded)
        .select_related("company", "site__lessor")
        .order_by("id")
    )


def declared_of(company: Company) -> list[Declaration]:
    """What is in force of the company, the latest day first."""
    return list(Declaration.objects.in_force().filter(company=company).order_by("-on", "-id"))


def answer_in_force(follow_up: FollowUp) -> Declaration | None:
    """What the company itself answered lately, and may still put right."""
    return (
        Declaration.objects.in_force()
        .filter(
            follow_up=follow_up,
            said_by=SaidBy.COMPANY,
            made_at__gt=timezone.now() - VALID,
        )
        .order_by("-id")
        .first()
    )


def open_follow_up(company: Company) -> FollowUp | None:
    return FollowUp.objects.open().filter(company=company).first()
