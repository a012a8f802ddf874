"""What leases write to the staff of a site."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from leases.models import Lease
from sites.models import Booking


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


def next_waits(lease: Lease, bookings: Sequence[Booking], language: str) -> Letter:
    """To a manager: the tenant is still in rooms that others are to have."""
    page = reverse("admin:leases_lease_change", args=[lease.pk])
    with translation.override(language):
        text = render_to_string(
            "leases/letters/next_waits.txt",
            {"lease": lease, "bookings": bookings, "address": f"{settings.SITE_URL}{page}"},
        )
    subject, _, body = text.strip().partition("\n")
    return Letter(subject.strip(), body.strip() + "\n")
