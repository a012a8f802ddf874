"""News from below: which snapshots may no longer be true."""

from collections.abc import Sequence
from typing import Final

from django.utils import timezone

from accounts.models import User
from accounts.rights import Action
from core.history import recorded
from core.jobs import wake_on_commit
from core.periods import Period
from indicators.choices import Subject
from indicators.keeping import EARLIEST, widened
from indicators.models import Touched
from indicators.selectors.rules import figure_settings
from sites.permissions import require_somewhere
from sites.scopes import scope_of

COMPUTE_TASK: Final = "indicators.compute_snapshots"


def touch(*, subject: Subject, days: Period, site_id: int | None = None) -> None:
    """Figures that follow from these days (at a site; None: anywhere) may have changed.

    Inside the transaction that changes them: from its commit on nobody believes the snapshots, and
    the run that it wakes computes them. Where gaps are bridged, an exit waits for them to pass:
    news of who is there reach so much further.
    """
    if subject is Subject.OCCUPATION:
        days = widened(days, figure_settings().bridged_gap_days)
    Touched.objects.create(subject=subject, site_id=site_id, days=days, at=timezone.now())
    wake_on_commit(COMPUTE_TASK)


def compute_again(*, acting_user: User | None) -> None:
    """Every figure that is kept at the user's sites, from scratch. Raises NotAllowed."""
    with recorded(acting_user):
        require_somewhere(acting_user, Action.RECOMPUTE, "indicator")
        for site_id in _sites(acting_user):
            touch(subject=Subject.EVERYTHING, days=Period(EARLIEST), site_id=site_id)


def _sites(acting_user: User | None) -> Sequence[int | None]:
    """Those where the user may have figures computed; None: all."""
    if acting_user is None:
        return [None]
    scope = scope_of(acting_user, Action.RECOMPUTE, "indicator")
    return [None] if scope.network else sorted(scope.site_ids)
