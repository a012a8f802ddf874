"""A file as clients read it."""

from typing import Any, Final

from django.http import Http404

from applications.labels import applicant_label
from applications.models import Application, Decision, Offer, Transition
from sites.api.base import Row, days

FILE: Final = {
    "reference": "reference",
    "site": "site__code",
    "state": "state",
    "state_since": "state_since",
    "submitted_at": "submitted_at",
    "applicant_kind": "applicant_kind",
    "name": "name",
    "legal_form": "legal_form",
    "ice": "ice",
    "team_size": "team_size",
    "wanted_m2": "wanted_m2",
    "wanted_start": "wanted_start",
    "company": "company_id",
    "due_at": "due_at",
}
MORE: Final = (
    "project",
    "team",
    "website",
    "contact_name",
    "contact_email",
    "contact_phone",
    "language",
)
_DECISION: Final = ("outcome", "reasons", "conditions", "until", "decided_at", "published_at")
_OFFER: Final = (
    "space__code",
    "period",
    "area_m2",
    "monthly_rent",
    "deposit",
    "state",
    "expires_at",
)


def visible_file(user: Any, reference: str) -> Application:
    """The file under the reference if the user may read it; else it does not exist."""
    file = Application.objects.visible_to(user).filter(reference=reference).first()
    if file is None:
        raise Http404
    return file


def file_in_full(user: Any, reference: str) -> Row:
    """The file as it stands now."""
    rows = Application.objects.visible_to(user).filter(reference=reference)
    row = rows.values("id", *FILE.values(), *MORE).first()
    if row is None:
        raise Http404
    return in_full(row)


def in_full(row: Row) -> Row:
    """A file's columns with its decisions, its offers and its trail, the older first."""
    pk = row["id"]
    decisions = Decision.objects.filter(application=pk).order_by("id")
    offers = Offer.objects.filter(application=pk).order_by("id").values(*_OFFER)
    steps = Transition.objects.filter(application=pk).order_by("id")
    published = [
        each.outcome
        for each in decisions
        if each.published_at is not None and each.superseded_at is None
    ]
    return {
        **{name: row[column] for name, column in FILE.items()},
        **{name: str(row[name] or "") for name in MORE},
        "state_label": Application(state=row["state"]).get_state_display(),
        "applicant_label": applicant_label(row["state"], published[0] if published else None),
        "decisions": [{name: getattr(each, name) for name in _DECISION} for each in decisions],
        "offers": [_offer(offer) for offer in offers],
        "trail": [
            {"step": step, "from": source or None, "to": target, "at": at}
            for step, source, target, at in steps.values_list("step", "source", "target", "at")
        ],
    }


def _offer(row: Row) -> Row:
    return {
        "space": row["space__code"],
        **days(row["period"]),
        **{name: row[name] for name in _OFFER[2:]},
    }
