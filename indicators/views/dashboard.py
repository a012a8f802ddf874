"""The figures of the staff site's first page."""

from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rights import Action
from core.errors import NotAllowed
from core.periods import add_months
from indicators.choices import MILESTONES
from indicators.formulas import INDICATORS
from indicators.labels import NAMES, SUCCESS
from indicators.selectors.network import Network, points
from indicators.selectors.progress import progress
from indicators.services.touching import compute_again
from indicators.views.asked import Asked, asked
from indicators.views.wording import card, chart, drawn
from sites.admin.scoping import acting
from sites.scopes import scope_of

MONTHS: Final = 36
_CHARTS: Final = (
    ("hosted",),
    ("occupancy_area", "occupancy_unit", "occupancy_company"),
    ("entries", "exits"),
    ("turnover", "departure_rate"),
)


def figures_shown(request: HttpRequest) -> dict[str, Any]:
    """Cards and charts for `?on=&site=`; nothing for those who may see no indicator."""
    if not scope_of(request.user, Action.VIEW, "indicator"):
        return {"cards": []}
    network = Network()
    question = asked(request.user, request.GET.dict(), network)
    return {
        "asked": question,
        "cards": _cards(network, question),
        "charts": [drawn(shown) for shown in _charts(network, question)],
        "progress": progress(),
        "may_recompute": bool(scope_of(request.user, Action.RECOMPUTE, "indicator")),
    }


def _cards(network: Network, question: Asked) -> list[Any]:
    days = [question.on, add_months(question.on, -12)]
    return [card(*network.figures(name, days, question.site)) for name in INDICATORS]


def _charts(network: Network, question: Asked) -> list[dict[str, Any]]:
    days = points(add_months(question.on.replace(day=1), -MONTHS), question.on)
    charts = []
    for names in _CHARTS:
        lines = {str(NAMES[name]): network.figures(name, days, question.site) for name in names}
        charts.append(chart(" · ".join(lines), days, lines))
    for event, title in SUCCESS.items():
        lines = {
            str(NAMES[one.name]): network.figures(one.name, days, question.site)
            for one in MILESTONES
            if one.event is event
        }
        charts.append(chart(str(title), days, lines))
    if question.site is None:
        lines = {
            site.name: network.figures("occupancy_area", days, code)
            for code, site in network.sites.items()
            # A site that opens later has no line yet: its name would promise one.
            if site.opened_on is not None and site.opened_on <= question.on
        }
        charts.append(chart(str(_("Occupancy by area, site by site")), days, lines))
    return charts


@require_POST
def recompute(request: HttpRequest) -> HttpResponse:
    """Every snapshot anew."""
    try:
        compute_again(acting_user=acting(request))
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    messages.success(request, _("The snapshots are being computed again."))
    return redirect("admin:index")
