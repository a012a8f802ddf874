"""What applications do about news from below."""

from typing import Any

from django.dispatch import receiver

from applications.models import Application
from applications.services.calls import ensure_standing_call
from sites.signals import network_loaded
from tenants.models import Company
from tenants.signals import companies_merged


@receiver(companies_merged)
def follow_the_merged_company(*, keep: Company, duplicate: Company, **_kwargs: Any) -> None:
    Application.objects.filter(company=duplicate).update(company=keep)


@receiver(network_loaded)
def keep_the_standing_call(**_kwargs: Any) -> None:
    """A fresh installation has a call to answer, and so has a site added later."""
    ensure_standing_call()
