"""What billing does about news from below."""

from typing import Any

from django.dispatch import receiver

from billing.services.following import follow
from tenants.models import Company
from tenants.signals import companies_merged


@receiver(companies_merged)
def follow_the_merged_company(*, keep: Company, duplicate: Company, **_kwargs: Any) -> None:
    follow(keep=keep, duplicate=duplicate)
