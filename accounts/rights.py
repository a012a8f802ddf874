"""The table of rights: which role may do what to which kind of thing. Pure.

A right says nothing of *where*: a membership binds a role to one site or to the network, and
`sites.permissions` puts the two together. What is not in the table is refused.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Action(StrEnum):
    VIEW = "view"
    ADD = "add"
    CHANGE = "change"
    DELETE = "delete"
    EXPORT = "export"
    SCREEN = "screen"  # an application, up to the committee
    REVIEW = "review"  # the files that were assigned
    DECIDE = "decide"  # an application's outcome, and the offer that follows
    SIGN = "sign"  # a lease
    HAND_OVER = "hand_over"  # keys, in and out
    BOOK = "book"  # space: holds, out of service
    ISSUE = "issue"  # invoices and credit notes
    MERGE = "merge"  # two records of one company
    IMPORT = "import"
    RECOMPUTE = "recompute"  # indicators
    ERASE = "erase"  # what is personal, before its time; or keep it longer


_READ: Final = frozenset({Action.VIEW, Action.EXPORT})
_WRITE: Final = _READ | {Action.ADD, Action.CHANGE}
_OWN: Final = _WRITE | {Action.DELETE}
_ALL: Final = _OWN | {Action.IMPORT}

PARTNER: Final = "partner"
"""Nobody's role: what a partner's token may (an incubator that sends start-ups), whoever it is."""

# What each row of the table is about; several models share one row.
MODELS: Final[Mapping[str, tuple[str, ...]]] = {
    "site": ("sites.site", "sites.sitecapacity", "sites.building", "sites.floor"),
    "space": ("sites.space", "sites.measure", "sites.lettableperiod", "sites.booking"),
    "tariff": ("sites.rateplan", "sites.rateplanstep", "sites.vatrule", "sites.lessor"),
    "membership": ("sites.membership", "sites.clienttoken"),
    "user": ("accounts.user", "accounts.savedfilter", "knox.authtoken"),
    "company": (
        "tenants.company",
        "tenants.formeridentity",
        "tenants.contact",
        "tenants.presence",
        "tenants.succession",
        "tenants.followup",
        "tenants.milestone",
        "tenants.declaration",
    ),
    # A company's name, form, ICE and sites: every colleague's, wherever it is present.
    "card": (),
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
        "applications.document",
        "applications.remark",
        "applications.reading",
        "applications.task",
        "applications.transfer",
        "applications.coapplicant",
        "applications.legalhold",
        "applications.letter",
        "applications.searchentry",
        "applications.place",
        "applications.placemove",
    ),
    # What a partner's program began, sent or not: as its applicant would read and answer it.
    "begun": (),
    "review": ("applications.review", "applications.score", "applications.declaration"),
    "committee": (
        "applications.session",
        "applications.member",
        "applications.agendaitem",
        "applications.vote",
    ),
    # How admission is done: calls, words, checklists, retention.
    "admission": (
        "applications.call",
        "applications.callversion",
        "applications.question",
        "applications.wanteddocument",
        "applications.criterion",
        "applications.lettertemplate",
        "applications.tasktemplate",
        "applications.retentionrule",
    ),
    "target": ("applications.stagetarget",),
    "lease": (
        "leases.lease",
        "leases.letting",
        "leases.rentstep",
        "leases.discount",
        "leases.charge",
        "leases.leaseversion",
        "leases.amendment",
        "leases.notice",
        "leases.leasedocument",
        "leases.signedcopy",
        "leases.handoverreport",
        "leases.handoveritem",
        "leases.handoverphoto",
        "leases.handoverkey",
        "leases.meterreading",
    ),
    # What meters counted, and the tenant is asked for.
    "meter": ("leases.consumption",),
    # What contracts and letters say: one text for many leases.
    "clauses": ("leases.clausetemplate", "leases.checklistline"),
    "deposit": (
        "leases.depositentry",
        "leases.depositsettlement",
        "leases.settlementline",
        "leases.settlementevidence",
    ),
    # From when on and how a site bills.
    "billing": ("billing.sitebilling", "billing.holiday"),
    "run": ("billing.rentrun", "billing.runitem"),
    "invoice": (
        "billing.invoice",
        "billing.invoiceline",
        "billing.billedperiod",
        "billing.settled",
        "billing.invoicepaper",
        "billing.receipt",
    ),
    # Money in and out, what it settles, the accounts of tenants.
    "payment": (
        "billing.payment",
        "billing.chequestep",
        "billing.certificate",
        "billing.refund",
        "billing.allocation",
        "billing.account",
        "billing.withholdingrule",
    ),
    # Statements of a lessor's bank.
    "bank": ("billing.bankstatement", "billing.bankline", "billing.csvmapping"),
    # What is overdue: reminders, penalties, doubt, write-offs.
    "dunning": (
        "billing.dunningstep",
        "billing.dunningletter",
        "billing.dunningletterline",
        "billing.dunningpause",
        "billing.penaltyclause",
        "billing.penalty",
        "billing.doubtful",
        "billing.writeoff",
    ),
    # A lessor's books: accounts, VAT, journals, closed months.
    "books": (
        "billing.ledgeraccount",
        "billing.journallayout",
        "billing.vatregime",
        "billing.monthclosing",
        "billing.journalexport",
        "billing.exportedpiece",
        "billing.vatreturn",
    ),
    "indicator": (
        "indicators.snapshot",
        "indicators.touched",
        "indicators.snapshotrun",
        "indicators.snapshotalarm",
        "indicators.report",
        "indicators.reportsubscription",
    ),
    # What figures should be.
    "objective": ("indicators.target", "indicators.figuresettings"),
    "message": ("core.message",),
    # Which personal data went, when and why; never what it was.
    "erasure": ("core.erasure",),
    "webhook": (
        "sites.webhookendpoint",
        "sites.webhookdelivery",
        "sites.webhookattempt",
    ),
    "system": (
        "applications.digest",
        "sites.idempotentreply",
        "core.counter",
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
        "card": frozenset({Action.VIEW}),
        "classification": _WRITE,
        "application": _WRITE | {Action.SCREEN, Action.DECIDE, Action.ERASE},
        "review": _WRITE | {Action.REVIEW},
        "committee": _OWN,
        "admission": _OWN,
        "target": _OWN,
        "webhook": _READ,
        "lease": _WRITE | {Action.SIGN, Action.HAND_OVER, Action.IMPORT},
        "meter": _WRITE | {Action.IMPORT},
        "clauses": _WRITE,
        "deposit": _WRITE,
        "billing": _WRITE,
        "run": _WRITE | {Action.ISSUE},
        "invoice": _WRITE | {Action.ISSUE},
        "payment": _WRITE,
        "bank": _WRITE,
        "dunning": _WRITE | {Action.ISSUE, Action.DECIDE},
        "books": _WRITE,
        "indicator": _READ | {Action.RECOMPUTE},
        "objective": _OWN,
        "message": _READ | {Action.CHANGE},
        "erasure": _READ,
        "membership": _READ,
        "user": _READ,
    },
    "site_manager": {
        "site": _READ,
        "space": _WRITE | {Action.BOOK, Action.IMPORT},
        "tariff": _READ,
        "company": _WRITE | {Action.MERGE, Action.IMPORT},
        "card": frozenset({Action.VIEW}),
        "classification": _READ,
        "application": _READ | {Action.SCREEN, Action.DECIDE},
        "review": _WRITE | {Action.REVIEW},
        "committee": _WRITE,
        "admission": _READ,
        "target": _OWN,
        "lease": _WRITE | {Action.SIGN, Action.HAND_OVER, Action.IMPORT},
        "meter": _WRITE | {Action.IMPORT},
        "clauses": _READ,
        "deposit": _WRITE,
        "billing": _READ,
        "run": _READ,
        "invoice": _READ,
        "payment": _READ,
        "dunning": _READ,
        "indicator": _READ,
        "objective": _READ,
        "message": _READ | {Action.CHANGE},
    },
    "admissions_officer": {
        "site": _READ,
        "space": _READ,
        "tariff": _READ,
        "company": _WRITE,
        "card": frozenset({Action.VIEW}),
        "classification": _WRITE,
        "application": _WRITE | {Action.SCREEN, Action.DECIDE},
        "review": _WRITE | {Action.REVIEW},
        "committee": _OWN,
        "admission": _OWN,
        "target": _READ,
        "lease": _READ,
        "indicator": _READ,
        "objective": _READ,
        "message": _READ | {Action.CHANGE},
    },
    # Of the files at their sites, reviewers read those assigned to them.
    "reviewer": {
        "review": frozenset({Action.REVIEW}),
        "site": frozenset({Action.VIEW}),
        "card": frozenset({Action.VIEW}),
        "classification": frozenset({Action.VIEW}),
    },
    "finance_officer": {
        "site": _READ,
        "space": _READ,
        "tariff": _WRITE,
        "company": _WRITE,
        "card": frozenset({Action.VIEW}),
        "classification": _READ,
        "lease": _READ,
        "meter": _WRITE | {Action.IMPORT},
        "clauses": _READ,
        "deposit": _WRITE | {Action.IMPORT},
        "billing": _WRITE,
        "run": _WRITE | {Action.ISSUE},
        "invoice": _WRITE | {Action.ISSUE, Action.IMPORT},
        "payment": _WRITE | {Action.IMPORT},
        "bank": _WRITE | {Action.IMPORT},
        # Of two people one asks that a claim be written off, the other decides.
        "dunning": _WRITE | {Action.ISSUE, Action.DECIDE},
        "books": _WRITE,
        "indicator": _READ,
        "objective": _READ,
        "message": _READ | {Action.CHANGE},
    },
    "auditor": dict.fromkeys(MODELS.keys() - {"begun"}, _READ),
    "administrator": {
        "site": _ALL,
        "space": _READ,
        "tariff": _READ,
        "membership": _ALL,
        "user": _ALL,
        "card": frozenset({Action.VIEW}),
        "classification": _ALL,
        "indicator": _READ | {Action.RECOMPUTE},
        "objective": _READ,
        "message": _READ | {Action.CHANGE},
        "webhook": _OWN,
        "erasure": _READ,
        "system": _ALL,
    },
    # To begin applications, never to read the site's.
    PARTNER: {
        "application": frozenset({Action.ADD}),
        "begun": frozenset({Action.VIEW, Action.CHANGE}),
        "classification": frozenset({Action.VIEW}),
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


def roles_that(action: Action, resource: str) -> frozenset[str]:
    """The roles that allow it, somewhere."""
    return frozenset(role for role in RIGHTS if allows(role, action, resource))
