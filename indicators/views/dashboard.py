"""The staff site's first page: the network, or a site, as of a day.

What is kept as snapshots is on the page at once. What has to be read from the tables follows, as
soon as the page is there (`more_page`), so that nobody waits for it.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.rights import Action
from core import formats
from core.errors import NotAllowed
from core.periods import add_months, today
from indicators.choices import MILESTONES
from indicators.labels import NAMES, SUCCESS
from indicators.models import Target
from indicators.selectors.kept import Asked as AskedFigure
from indicators.selectors.kept import Kept
from indicators.selectors.network import points
from indicators.selectors.shown import ShownFigure
from indicators.selectors.targets import targets_on
from indicators.services.touching import compute_again
from indicators.views import alerts
from indicators.views.asked import Asked, asked
from indicators.views.cards import CardDays, cards, is_at_once, names_of_cards
from indicators.views.progress import progress_shown
from indicators.views.prospects import prospects
from indicators.views.sitemap import SiteMap, site_map
from indicators.views.wording import Card, chart
from indicators.wording import language
from sites.admin.charts import drawn
from sites.admin.scoping import acting
from sites.scopes import scope_of

MONTHS: Final = 36
_CHARTS: Final = (
    ("hosted",),
    ("occupancy_area", "occupancy_unit", "occupancy_company"),
    ("entries", "exits"),
    ("turnover", "departure_rate"),
)
_BY_SITE: Final = {
    "occupancy_area": gettext_lazy("Occupancy by area, site by site"),
    "turnover": gettext_lazy("Turnover, site by site"),
}
_DRAWN: Final = {name for names in _CHARTS for name in names} | {one.name for one in MILESTONES}

Found = Mapping[AskedFigure, ShownFigure]
Targets = Mapping[tuple[str, str | None], Target]


def figures_shown(request: HttpRequest) -> dict[str, Any]:
    """Cards, charts, alerts and map for `?on=&site=`; nothing for those who may see no
    indicator."""
    if not scope_of(request.user, Action.VIEW, "indicator"):
        return {"cards": []}
    kept = Kept()
    question = asked(request.user, request.GET.dict(), kept.sites.values())
    page = _Page(kept, question, targets_on(question.on))
    return {
        "asked": question,
        "day": formats.day(question.on, language(), long=True),
        "moved": question.on != today(),
        "cards": page.cards(),
        "charts": [drawn(one) for one in page.charts()],
        "map": page.map(),
        "alerts": [*page.alerts(), *alerts.of_snapshots(request.user)],
        "more": f"{reverse('admin:dashboard_more')}?{question.query}",
        **progress_shown(request.user),
    }


class _Page:
    """The page's figures, asked for in two goes: of what it is about, and of the sites."""

    def __init__(self, kept: Kept, question: Asked, targets: Targets) -> None:
        self.on, self.site, self.targets = question.on, question.site, targets
        self.names = {code or None: title for code, title in question.choices}
        self.days = points(add_months(self.on.replace(day=1), -MONTHS), self.on)
        self.aimed = {
            (name, code): target for (name, code), target in targets.items() if is_at_once(name)
        }
        self.own = kept.figures(
            sorted({*names_of_cards(at_once=True), *_DRAWN, *self._aimed_at([self.site])}),
            sorted({*self.days, *CardDays(self.on).all}),
            [self.site],
        )
        self.sites = [
            site
            for code, site in kept.sites.items()
            # A site that opens later has no line yet: its name would promise one.
            if self.site is None and site.opened_on is not None and site.opened_on <= self.on
        ]
        codes = [site.code for site in self.sites]
        self.of_sites = {
            **kept.figures(sorted(_BY_SITE), self.days, codes),
            **kept.figures(sorted({"hosted", *self._aimed_at(codes)}), [self.on], codes),
        }

    def _aimed_at(self, codes: Sequence[str | None]) -> set[str]:
        return {name for name, code in self.aimed if code in codes}

    def figure(self, name: str, on: dt.date, site: str | None) -> ShownFigure:
        of = self.own if site == self.site else self.of_sites
        return of[AskedFigure(name, site, on)]

    def cards(self) -> list[Card]:
        mine = {name: target for (name, code), target in self.targets.items() if code == self.site}
        return cards(
            names_of_cards(at_once=True), self.on, partial(self.figure, site=self.site), mine
        )

    def charts(self) -> list[dict[str, Any]]:
        drawings = [
            chart(
                " · ".join(str(NAMES[name]) for name in names),
                self.days,
                {str(NAMES[name]): self._course(name, self.site) for name in names},
            )
            for names in _CHARTS
        ]
        for event, title in SUCCESS.items():
            names = [one.name for one in MILESTONES if one.event is event]
            lines = {str(NAMES[name]): self._course(name, self.site) for name in names}
            drawings.append(chart(str(title), self.days, lines))
        if self.sites:
            for name, title in _BY_SITE.items():
                lines = {site.name: self._course(name, site.code) for site in self.sites}
                drawings.append(chart(str(title), self.days, lines))
        return drawings

    def _course(self, name: str, site: str | None) -> Sequence[ShownFigure]:
        return [self.figure(name, day, site) for day in self.days]

    def map(self) -> SiteMap | None:
        codes = [site.code for site in self.sites]
        return site_map(
            self.sites,
            {code: self.figure("hosted", self.on, code) for code in codes},
            {code: self.figure("occupancy_area", self.on, code) for code in codes},
            {code: _address(self.on, code) for code in codes},
        )

    def alerts(self) -> list[alerts.Alert]:
        codes = [self.site, *(site.code for site in self.sites)]
        figures = {
            (name, code): self.figure(name, self.on, code)
            for name, code in self.aimed
            if code in codes
        }
        return [
            *alerts.of_targets(figures, self.targets, self.names, self.on),
            *alerts.of_capacity(self.figure("occupancy_company", self.on, self.site)),
        ]


def _address(on: dt.date, site: str) -> str:
    return f"{reverse('admin:index')}?on={on.isoformat()}&site={site}"


def more_page(request: HttpRequest) -> HttpResponse:
    """`?on=&site=`: what the first page does not keep; the page asks for it once it is there, and
    whoever has no script comes by a link."""
    if not scope_of(request.user, Action.VIEW, "indicator"):
        raise PermissionDenied
    kept = Kept()
    question = asked(request.user, request.GET.dict(), kept.sites.values())
    context = {
        "asked": question,
        **prospects(kept.network, question, targets_on(question.on)),
    }
    if request.headers.get("HX-Request"):
        return TemplateResponse(request, "indicators/more.html", {**context, "oob": True})
    context |= {**admin.site.each_context(request), "title": _("What comes, what is owed")}
    return TemplateResponse(request, "indicators/more_page.html", context)


@require_POST
def recompute(request: HttpRequest) -> HttpResponse:
    """Every snapshot anew."""
    try:
        compute_again(acting_user=acting(request))
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    messages.success(request, _("The snapshots are being computed again."))
    return redirect("admin:index")
