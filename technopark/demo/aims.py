"""What the demo's director aims at: figures with a target, from a day on."""

import datetime as dt
from decimal import Decimal
from typing import Final

from accounts.choices import Role
from accounts.models import User
from indicators.choices import Bound
from indicators.services.targets import set_target
from sites.models import Site
from technopark.demo.sign_ins import DOMAIN

_FIRST: Final = dt.date(2016, 1, 1)
_AIMS: Final = (
    # indicator, site, from, bound, value as the page shows it
    ("occupancy_area", None, _FIRST, Bound.AT_LEAST, 85),
    ("occupancy_area", None, dt.date(2018, 1, 1), Bound.AT_LEAST, 90),
    ("occupancy_area", "CAS", _FIRST, Bound.AT_LEAST, 90),
    ("occupancy_area", "RAB", _FIRST, Bound.AT_LEAST, 95),
    ("occupancy_area", "TNG", dt.date(2017, 1, 1), Bound.AT_LEAST, 85),
    ("occupancy_area", "AGA", dt.date(2023, 1, 1), Bound.AT_LEAST, 85),
    ("turnover", None, _FIRST, Bound.AT_MOST, 25),
    ("turnover", "TNG", dt.date(2018, 1, 1), Bound.AT_MOST, 30),
    ("entries", None, _FIRST, Bound.AT_LEAST, 70),
    ("success_since_entry_60", None, _FIRST, Bound.AT_LEAST, 80),
    ("decided_within_target", None, dt.date(2025, 1, 1), Bound.AT_LEAST, 80),
    ("holding_over", None, _FIRST, Bound.AT_MOST, 0),
)


def set_aims() -> None:
    director = User.objects.get(email=f"{Role.DIRECTOR}@{DOMAIN}")
    sites = {site.code: site for site in Site.objects.all()}
    for name, code, since, bound, value in _AIMS:
        set_target(
            name=name,
            site=sites[code] if code else None,
            since=since,
            bound=bound,
            value=Decimal(value),
            acting_user=director,
        )
