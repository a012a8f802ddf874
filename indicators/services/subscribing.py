"""Who gets the monthly reports: everybody for themselves."""

from accounts.models import User
from accounts.rights import Action
from core.history import recorded
from indicators.models import ReportSubscription
from indicators.selectors.reports import due_month
from sites.models import Site
from sites.permissions import require


def subscribe(*, site: Site | None, acting_user: User) -> ReportSubscription:
    """From the next report on; the earlier ones are on the page. Twice is once. Raises
    NotAllowed."""
    require(acting_user, Action.VIEW, "indicator", site.pk if site else None)
    with recorded(acting_user):
        subscription, _made = ReportSubscription.objects.get_or_create(
            user=acting_user, site=site, defaults={"sent_through": due_month()}
        )
    return subscription


def unsubscribe(*, site: Site | None, acting_user: User) -> None:
    """Whoever lost the right to see the site may still do so."""
    with recorded(acting_user):
        ReportSubscription.objects.filter(user=acting_user, site=site).delete()
