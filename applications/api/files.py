"""A file as clients read it."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext

from applications.forms import PREFIX, Form, asked_of, given_in
from applications.labels import applicant_label
from applications.models import Application, Decision, Document, Offer, Transition
from applications.workflow import State
from sites.api.base import Row, days
from tenants.models import Sector

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
BESIDE: Final = ("id", "answers", "sister_of")
IN_FULL: Final = (*BESIDE, *FILE.values(), *MORE)
_DECISION: Final = ("outcome", "reasons", "conditions", "until", "decided_at", "published_at")
DOCUMENT: Final = ("id", "key", "name", "media_type", "size", "sha256", "uploaded_at", "scan")
OFFER: Final = (
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


def readable(user: Any) -> QuerySet[Application]:
    """What the user may see, and the drafts that their program has begun."""
    drafts = Application.objects.drafts_of_client(user)
    return Application.objects.visible_to(user) | drafts


def file_in_full(user: Any, reference: str) -> Row:
    """The file as it stands now."""
    row = readable(user).filter(reference=reference).values(*IN_FULL).first()
    if row is None:
        raise Http404
    return in_full(row, user)


def in_full(row: Row, user: Any) -> Row:
    """A file's columns with its decisions, its offers and its trail, the older first."""
    pk = row["id"]
    documents = Document.objects.filter(application=pk).kept().order_by("id")
    decisions = Decision.objects.filter(application=pk).order_by("id")
    offers = Offer.objects.filter(application=pk).order_by("id").values(*OFFER)
    steps = Transition.objects.filter(application=pk).order_by("id")
    published = [
        each.outcome
        for each in decisions
        if each.published_at is not None and each.superseded_at is None
    ]
    return {
        **{name: row[column] for name, column in FILE.items()},
        **{name: str(row[name] or "") for name in MORE},
        "sectors": list(
            Sector.objects.filter(application=pk).order_by("code").values_list("code", flat=True)
        ),
        "questions": row["answers"] or {},
        "state_label": Application(state=row["state"]).get_state_display(),
        "applicant_label": applicant_label(row["state"], published[0] if published else None),
        "decisions": [{name: getattr(each, name) for name in _DECISION} for each in decisions],
        "offers": [offer_row(offer) for offer in offers],
        "trail": [
            {"step": step, "from": source or None, "to": target, "at": at}
            for step, source, target, at in steps.values_list("step", "source", "target", "at")
        ],
        "documents": list(documents.values(*DOCUMENT)),
        "linked": _linked(row, user),
        "request": request_row(pk) if row["state"] == State.INFO_REQUESTED else None,
        "draft": draft_row(pk) if row["state"] == State.DRAFT else None,
    }


def wrong_with(form: Form) -> dict[str, list[str]]:
    """What keeps a draft from being sent, by the names that clients know."""
    found: dict[str, list[str]] = {}
    for chapter in form.checked.values():
        found |= wrong_names(chapter.errors)
    for row in form.missing:
        found[f"documents.{row.key}"] = [gettext("A document is missing: %(document)s.")
                                         % {"document": row.label}]  # fmt: skip
    return found


def wrong_names(errors: Mapping[str, Iterable[Any]]) -> dict[str, list[str]]:
    """A form's errors, by the names that clients know."""
    return {_named(field): [str(text) for text in texts] for field, texts in errors.items()}


def draft_row(pk: int) -> Row:
    draft = Application.objects.select_related("site", "call_version__call").get(pk=pk)
    typed = draft.typed or {}
    version = draft.call_version
    own = given_in(typed)
    return {
        "call": version.call.code if version is not None else None,
        "answers": {name: value for name, value in typed.items() if not name.startswith(PREFIX)},
        "questions": own,
        "wrong": wrong_with(Form(draft)),
    }


def request_row(pk: int) -> Row | None:
    asked = asked_of(Application.objects.select_related("call_version").get(pk=pk))
    if asked is None:
        return None
    return {
        "message": asked.request.message,
        "asked_at": asked.request.asked_at,
        "due_on": asked.request.due_on,
        "fields": asked.fields,
        "questions": asked.own_questions,
        "documents": asked.documents,
        "missing": [document.key for document in asked.missing],
    }


def _linked(row: Row, user: Any) -> list[Row]:
    """What the same company sent to other sites in one go, where the user may read it."""
    first = row["sister_of"] or row["id"]
    rows = Application.objects.visible_to(user).made_together(first)
    found = rows.exclude(pk=row["id"]).order_by("id").values_list("reference", "site__code")
    return [{"reference": reference, "site": site} for reference, site in found]


def _named(field: str) -> str:
    own = field.startswith(PREFIX)
    return f"questions.{field.removeprefix(PREFIX)}" if own else field


def offer_row(row: Row) -> Row:
    return {
        "space": row["space__code"],
        **days(row["period"]),
        **{name: row[name] for name in OFFER[2:]},
    }
