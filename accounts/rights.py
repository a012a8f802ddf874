"""The table of rights: which role may do what to which kind of thing. Pure.

A right says nothing of *where*: a membership binds a role to one site or to the network, and
`sites.permissions` puts the two together. What is not in the table is refused.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final


class Action(StrEnum):
    VIEW = "view"
    ADD = "add"
    CHANGE = "change"
    DELETE = "delete"
    EXPORT = "export"
    SCREEN = "screen"  # an application, up to the committee
    DECIDE = "decide"  # an application's outcome, and the offer that follows
    SIGN = "sign"  # a lease
    HAND_OVER = "hand_over"  # keys, in and out
    BOOK = "book"  # space: holds, out of service
    MERGE = "merge"  # two records of one company
    IMPORT = "import"
    RECOMPUTE = "recompute"  # indicators


_READ: Final = frozenset({Action.VIEW, Action.EXPORT})
_WRITE: Final = _READ | {Action.ADD, Action.CHANGE}
_ALL: Final = _WRITE | {Action.DELETE, Action.IMPORT}

# What each row of the table is about; several models share one row.
MODELS: Final[Mapping[str, tuple[str, ...]]] = {
    "site": ("sites.site", "sites.sitecapacity", "sites.building", "sites.floor"),
    "space": ("sites.space", "sites.measure", "sites.lettableperiod", "sites.booking"),
    "tariff": ("sites.rateplan", "sites.rateplanstep", "sites.vatrule", "sites.lessor"),
    "membership": ("sites.membership", "sites.clienttoken"),
    "user": ("accounts.user", "knox.authtoken"),
    "company": (
        "tenants.company",
        "tenants.formeridentity",
        "tenants.contact",
        "tenants.presence",
    ),
    "classification": ("tenants.sector", "tenants.technology"),
    "application": (
        "applications.application",
        "applications.transition",
        "applications.revision",
        "applications.decision",
        "applications.ineligibility",
        "applications.informationrequest",
        "applications.requesteditem",
        "applications.offer",
    ),
    "target": ("applications.stagetarget",),
    "lease": ("leases.lease", "leases.letting", "leases.rentstep", "leases.leaseversion"),
    "indicator": ("indicators.snapshot", "indicators.snapshotday"),
    "message": ("core.message",),
    "system": (
        "core.counter",
        "core.erasure",
        "django_celery_beat.periodictask",
        "django_celery_beat.intervalschedule",
        "django_celery_beat.crontabschedule",
        "django_celery_beat.clockedschedule",
        "django_celery_beat.solarschedule",
    ),
}

RIGHTS: Final[Mapping[str, Mapping[str, frozenset[Action]]]] = {
    "director": {
        "site": _WRITE,
        "space": _WRITE | {Action.BOOK, Action.IMPORT},
        "tariff": _WRITE,
        "company": _ALL | {Action.MERGE},
        "classification": _WRITE,
        "application": _WRITE | {Action.SCREEN, Action.DECIDE},
        "target": _WRITE | {Action.DELETE},
        "lease": _WRITE | {Action.SIGN, Action.HAND_OVER, Action.IMPORT},
        "indicator": _READ | {Action.RECOMPUTE},
        "message": _READ | {Action.CHANGE},
        "membership": _READ,
        "user": _READ,
    },
    "site_manager": {
        "site": _READ,
        "space": _WRITE | {Action.BOOK, Action.IMPORT},
        "tariff": _READ,
        "company": _WRITE | {Action.MERGE, Action.IMPORT},
        "classification": _READ,
        "application": _READ | {Action.SCREEN, Action.DECIDE},
        "target": _WRITE | {Action.DELETE},
        "lease": _WRITE | {Action.SIGN, Action.HAND_OVER, Action.IMPORT},
        "indicator": _READ,
        "message": _READ | {Action.CHANGE},
    },
    "admissions_officer": {
        "site": _READ,
        "space": _READ,
        "tariff": _READ,
        "company": _WRITE,
        "classification": _WRITE,
        "application": _WRITE | {Action.SCREEN, Action.DECIDE},
        "target": _READ,
        "lease": _READ,
        "indicator": _READ,
        "message": _READ | {Action.CHANGE},
    },
    # Reviewers read the files assigned to them, by assignment and not by site: no right here.
    "reviewer": {
        "site": frozenset({Action.VIEW}),
        "classification": frozenset({Action.VIEW}),
    },
    "finance_officer": {
        "site": _READ,
        "space": _READ,
        "tariff": _WRITE,
        "company": _WRITE,
        "classification": _READ,
        "lease": _READ,
        "indicator": _READ,
        "message": _READ | {Action.CHANGE},
    },
    "auditor": dict.fromkeys(MODELS, _READ),
    "administrator": {
        "site": _ALL,
        "space": _READ,
        "tariff": _READ,
        "membership": _ALL,
        "user": _ALL,
        "classification": _ALL,
        "indicator": _READ | {Action.RECOMPUTE},
        "message": _READ | {Action.CHANGE},
        "system": _ALL,
    },
}

_RESOURCE_OF: Final[Mapping[str, str]] = {
    label: resource for resource, labels in MODELS.items() for label in labels
}


def resource_of(model_label: str) -> str | None:
    """The row of the table that a model ("sites.space", lower case) belongs to."""
    return _RESOURCE_OF.get(model_label)


def allows(role: str, action: Action, resource: str) -> bool:
    return action in RIGHTS.get(role, {}).get(resource, frozenset())


def any_allows(roles: Iterable[str], action: Action, resource: str) -> bool:
    return any(allows(role, action, resource) for role in roles)
