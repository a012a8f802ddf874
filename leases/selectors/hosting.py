"""Who is hosted, as the public pages and the indicators count it."""

import datetime as dt

from django.db.models import Exists, OuterRef

from core.periods import today
from leases.models import Letting
from leases.querysets import LettingQuerySet
from sites.choices import HOSTED_KINDS
from tenants.models import Company
from tenants.querysets import CompanyQuerySet


def hosting_lettings(on: dt.date) -> LettingQuerySet:
    """The lettings that make a company hosted on the day, as the indicators count it."""
    return Letting.objects.occupied_on(on, today()).filter(tenant_kind__in=HOSTED_KINDS)


def listed_companies(on: dt.date, *, site_code: str = "") -> CompanyQuerySet:
    """The public directory: companies hosted on the day that agreed to be listed."""
    lettings = hosting_lettings(on).filter(lease__company=OuterRef("pk"))
    if site_code:
        lettings = lettings.filter(lease__site__code=site_code)
    return Company.objects.current().filter(Exists(lettings), in_directory=True)
