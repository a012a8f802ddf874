"""What applications do about news from below."""

from typing import Any

from django.dispatch import receiver

from applications.models import Application
from tenants.models import Company
from tenants.signals import companies_merged


@receiver(companies_merged)
def follow_the_merged_company(*, keep: Company, duplicate: Company, **_kwargs: Any) -> None:
    Application.objects.filter(company=duplicate).update(company=keep)
