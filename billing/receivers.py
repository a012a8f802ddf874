"""What billing does about news from below."""

from typing import Any

from django.dispatch import receiver

from accounts.models import User
from billing.services.following import follow
from billing.services.keeping import put_back, settle_by_deposit
from leases.models import DepositSettlement
from leases.signals import settlement_closed, settlement_taken_back
from tenants.models import Company
from tenants.signals import companies_merged


@receiver(companies_merged)
def follow_the_merged_company(*, keep: Company, duplicate: Company, **_kwargs: Any) -> None:
    follow(keep=keep, duplicate=duplicate)


@receiver(settlement_closed)
def settle_what_is_unpaid(
    *, settlement: DepositSettlement, acting_user: User | None, **_kwargs: Any
) -> None:
    settle_by_deposit(settlement=settlement, acting_user=acting_user)


@receiver(settlement_taken_back)
def open_what_was_settled(
    *, settlement: DepositSettlement, reason: str, acting_user: User | None, **_kwargs: Any
) -> None:
    put_back(settlement=settlement, reason=reason, acting_user=acting_user)
