"""Signing a lease, where the draft is no longer what it would be."""

import datetime as dt

import pytest

from core.periods import add_months
from leases.errors import StayBeganBefore
from leases.models import Lease
from leases.selectors.terms import terms_of
from leases.services.drafts import cancel_lease
from leases.services.signing import sign_lease
from sites.choices import TenantKind
from tests.factories import scene, tenancies

pytestmark = pytest.mark.django_db

START = dt.date(2026, 1, 1)


def test_the_first_rate_of_a_start_up_never_begins_again_by_an_older_draft() -> None:
    """Two drafts side by side: once the one is signed, the months of the other count from it."""
    site, company = scene.site("CAS"), scene.company()
    later = add_months(START, 6)
    first, second = (
        tenancies.drafted(
            site, scene.office(site), start=start, kind=TenantKind.STARTUP, company=company
        )
        for start in (START, later)
    )
    sign_lease(lease=first, signed_on=START, acting_user=None)
    with pytest.raises(StayBeganBefore, match="01/01/2026"):
        sign_lease(lease=second, signed_on=START, acting_user=None)
    cancel_lease(lease=second, reason="taux", acting_user=None)
    anew = tenancies.drafted(
        site, scene.office(site), start=later, kind=TenantKind.STARTUP, company=company
    )
    sign_lease(lease=anew, signed_on=START, acting_user=None)
    step = add_months(START, 18)
    assert _steps(anew) == [(later, "50"), (step, "100")]


def test_a_space_more_from_the_first_day_on_is_signed_as_it_was_drafted() -> None:
    site, company = scene.site("CAS"), scene.company()
    leases = [
        tenancies.drafted(
            site, scene.office(site), start=START, kind=TenantKind.STARTUP, company=company
        )
        for _number in range(2)
    ]
    for lease in leases:
        sign_lease(lease=lease, signed_on=START, acting_user=None)
        assert _steps(lease) == [(START, "50"), (add_months(START, 18), "100")]


def _steps(lease: Lease) -> list[tuple[dt.date, str]]:
    (letting,) = terms_of(lease).lettings
    return [(step.period.start, f"{step.rate:.0f}") for step in letting.steps]
