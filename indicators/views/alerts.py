"""What a director has to act on, each with its threshold in words and the way to its rows."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import formats
from core.periods import ONE_DAY, today
from indicators.labels import NAMES
from indicators.models import SnapshotAlarm, Target
from indicators.rounding import half_up
from indicators.selectors.network import Network
from indicators.selectors.progress import newest_day
from indicators.selectors.shown import ShownFigure, plain
from indicators.views.cards import target_in_words
from indicators.wording import in_unit, language, part, value


@dataclass(frozen=True, slots=True)
class Alert:
    """`what` is so, `why` it is told: the threshold; `where`: a site, empty for the network."""

    what: str
    why: str
    where: str
    address: str


Scopes = Mapping[str | None, str]
"""By code (None: the network), what the page is about is called."""


def of_targets(
    figures: Mapping[tuple[str, str | None], ShownFigure],
    targets: Mapping[tuple[str, str | None], Target],
    scopes: Scopes,
    on: dt.date,
) -> Iterator[Alert]:
    """Every figure that is not what it should be, of the network and of each site."""
    for (name, code), figure in figures.items():
        target = targets.get((name, code))
        if target is None or figure.value is None or target.is_met_by(figure.value):
            continue
        yield Alert(
            what=formats.labelled(str(NAMES[name]), value(figure), language()),
            why=target_in_words(target),
            where=scopes[code],
            address=rows_of(name, on, code),
        )


def of_capacity(occupancy: ShownFigure) -> Iterator[Alert]:
    """Open sites of which nobody said for how many companies they have room."""
    count = int(occupancy.beside["sites_without_capacity"])
    if count:
        yield Alert(
            what=ngettext(
                "%(count)s open site without a capacity",
                "%(count)s open sites without a capacity",
                count,
            )
            % {"count": part(Decimal(count), "sites")},
            why=_("the occupancy by company leaves it out"),
            where="",
            address=reverse("admin:sites_site_changelist"),
        )


def of_snapshots(user: Any) -> Iterator[Alert]:
    """Figures that are kept, and are late or were wrong: today's trouble, whatever day is shown."""
    snapshots = reverse("admin:indicators_snapshot_changelist")
    newest = newest_day()
    if newest is not None and newest < today() - ONE_DAY:
        yield Alert(
            what=_("The snapshots end with %(day)s") % {"day": formats.day(newest, language())},
            why=_("those of yesterday should be there"),
            where="",
            address=snapshots,
        )
    wrong = SnapshotAlarm.objects.visible_to(user).unseen().count()
    if wrong:
        yield Alert(
            what=ngettext(
                "%(count)s snapshot was found to be wrong",
                "%(count)s snapshots were found to be wrong",
                wrong,
            )
            % {"count": part(Decimal(wrong), "snapshots")},
            why=_("what is kept should be what is computed"),
            where="",
            address=reverse("admin:indicators_snapshotalarm_changelist"),
        )


def of_live(
    network: Network, on: dt.date, site: str | None, where: str, *, aimed_at: Collection[str]
) -> Iterator[Alert]:
    """What is read from the tables; a figure that is aimed at is told by its target alone."""
    yield from _of_counts(network, on, site, where, aimed_at)
    yield from _of_late_files(network, on, site, where)
    yield from _of_endings(network, on, site, where)
    yield from _of_arrears(network, on, site, where)


def rows_of(name: str, on: dt.date, site: str | None) -> str:
    return f"{reverse('admin:indicator', args=[name])}?on={on.isoformat()}&site={site or ''}"


def _of_counts(
    network: Network, on: dt.date, site: str | None, where: str, aimed_at: Collection[str]
) -> Iterator[Alert]:
    thresholds = {
        "holding_over": _("no lease should run on past its term"),
        "beyond_60_months": _("a start-up is expected to leave after 60 months"),
    }
    for name, why in thresholds.items():
        figure = network.figure(name, on, site)
        if figure.numerator and name not in aimed_at:
            yield Alert(
                what=formats.labelled(str(NAMES[name]), value(figure), language()),
                why=why,
                where=where,
                address=rows_of(name, on, site),
            )


def _of_late_files(network: Network, on: dt.date, site: str | None, where: str) -> Iterator[Alert]:
    late = int(network.figure("open_applications", on, site).beside["late"])
    if late:
        yield Alert(
            what=ngettext(
                "%(count)s application open longer than the target",
                "%(count)s applications open longer than the target",
                late,
            )
            % {"count": part(Decimal(late), "files")},
            why=_("the site’s target for all stages up to the publication"),
            where=where,
            address=rows_of("open_applications", on, site),
        )


def _of_endings(network: Network, on: dt.date, site: str | None, where: str) -> Iterator[Alert]:
    soon, most = network.settings.ending_days, Fraction(network.settings.ending_percent, 100)
    rows = network.exact_rows("contracted_rent", on, site)
    last, rent = rows.more["contract_ends_on"], rows.numerator
    ends = (last >= on.toordinal()) & (last < on.toordinal() + soon)
    ending, whole = int(rent[ends].sum()), int(rent.sum())
    share = Fraction(ending, whole) if whole else Fraction(0)
    if share > most:
        yield Alert(
            what=_("%(share)s of the rent (%(rent)s a month) ends within %(days)s")
            % {
                "share": in_unit(half_up(share, 4), "ratio"),
                "rent": in_unit(plain(ending, "centimes"), "dirhams"),
                "days": _days(soon),
            },
            why=_at_most(most),
            where=where,
            address=profile_of("expiry", on, site),
        )


def _of_arrears(network: Network, on: dt.date, site: str | None, where: str) -> Iterator[Alert]:
    longest = network.settings.overdue_days
    rows = network.exact_rows("arrears", on, site)
    owed = int(rows.numerator[rows.more["late_days"] > longest].sum())
    if owed > 0:
        words = {"amount": in_unit(plain(owed, "centimes"), "dirhams"), "days": _days(longest)}
        yield Alert(
            what=_("%(amount)s more than %(days)s past due") % words,
            why=_("nothing should be owed for so long"),
            where=where,
            address=profile_of("ageing", on, site),
        )


def _days(count: int) -> str:
    shown = formats.number(Decimal(count), language())
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": shown}


def profile_of(name: str, on: dt.date, site: str | None) -> str:
    return f"{reverse('admin:profile', args=[name])}?on={on.isoformat()}&site={site or ''}"


def _at_most(share: Fraction) -> str:
    return _("told above %(share)s") % {
        "share": formats.percent(half_up(share, 2), language(), decimals=0)
    }
