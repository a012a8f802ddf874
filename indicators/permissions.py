"""Who may read what stands behind a figure."""

from typing import Any

from accounts.rights import Action
from indicators.figure import Indicator
from sites.permissions import Verdict, can, require


def can_read_rows(user: Any, indicator: Indicator, site_id: int | None) -> Verdict:
    """A sum is for everybody who sees figures; its rows are for those who may see each of them."""
    return can(user, Action.VIEW, indicator.about, site_id)


def require_rows(user: Any, indicator: Indicator, site_id: int | None) -> None:
    """Raises NotAllowed unless `can_read_rows`."""
    require(user, Action.VIEW, indicator.about, site_id)
