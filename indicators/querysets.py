from typing import TYPE_CHECKING

from sites.querysets import ScopedQuerySet

if TYPE_CHECKING:
    from indicators.models import Snapshot  # noqa: F401  the rows' classes


class SnapshotQuerySet(ScopedQuerySet["Snapshot"]):
    """The network's own figures have no site: they are for those who see the whole network."""

    resource = "indicator"
