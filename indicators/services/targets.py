"""What figures should be: set by the director, from a day on."""

import datetime as dt
from decimal import Decimal

from accounts.models import User
from accounts.rights import Action
from core.history import recorded
from indicators.choices import Bound
from indicators.models import Target
from indicators.selectors.network import known
from sites.models import Site
from sites.permissions import require


def set_target(
    *,
    name: str,
    site: Site | None,
    since: dt.date,
    bound: Bound,
    value: Decimal | None,
    acting_user: User | None,
) -> Target:
    """The figure should be so from that day on; without a value nothing is aimed at any more.

    The same day again changes what was said of it; of two at once the later one holds. Raises
    UnknownIndicator, NotAllowed, ValidationError.
    """
    known(name)
    with recorded(acting_user):
        require(acting_user, Action.CHANGE, "objective", site.pk if site else None)
        wanted = Target(name=name, site=site, since=since, bound=bound, value=value)
        wanted.full_clean(validate_unique=False, validate_constraints=False)
        said = {"bound": bound, "value": value}
        row, made = Target.objects.select_for_update().get_or_create(
            name=name, site=site, since=since, defaults=said
        )
        if not made:
            row.bound, row.value = bound, value
            row.save(update_fields=list(said))
    return row


def drop_target(*, target: Target, acting_user: User | None) -> None:
    """As if it had never been set: what stood before goes on. Raises NotAllowed."""
    with recorded(acting_user):
        require(acting_user, Action.DELETE, "objective", target.site_id)
        Target.objects.filter(pk=target.pk).delete()
