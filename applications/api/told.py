"""A file as a partner's portal reads it: what its applicant would, and nothing that only staff
know."""

from typing import Any, Final

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404

from applications.api.files import DOCUMENT, MORE, OFFER, draft_row, offer_row, request_row
from applications.labels import ApplicantState, applicant_state
from applications.letters import reasons_in_words
from applications.models import Application, Decision
from applications.selectors.applicant import OFFER_SHOWN, published_decision
from applications.selectors.conversation import remarks_for_applicant
from applications.selectors.documents import shown_to_applicant
from applications.selectors.files import trail_for_applicant
from applications.workflow import State
from sites.api.base import Row

BRIEF: Final = ("reference", "site__code", "state", "published", "submitted_at", "name")
_ANSWERS: Final = ("applicant_kind", "legal_form", "ice", "team_size", "wanted_m2", "wanted_start")


def begun(user: Any) -> QuerySet[Application]:
    """What the partner's program began, with the `published` outcome of each."""
    decision = Decision.objects.in_force().filter(
        application=OuterRef("pk"), published_at__isnull=False
    )
    files = Application.objects.of_partner(user)
    return files.annotate(published=Subquery(decision.values("outcome")[:1]))


def begun_file(user: Any, reference: str) -> Application:
    """The file under the reference if the partner's program began it; else it does not exist."""
    files = begun(user).select_related("site", "call_version__call")
    file = files.filter(reference=reference).first()
    if file is None:
        raise Http404
    return file


def brief(row: Row) -> Row:
    state = applicant_state(row["state"], row["published"])
    return {
        "reference": row["reference"],
        "site": row["site__code"],
        "state": state.value,
        "state_label": state.label,
        "submitted_at": row["submitted_at"],
        "name": row["name"],
    }


def state_of(file: Any) -> ApplicantState:
    return applicant_state(file.state, file.published)


def in_full_as_told(user: Any, reference: str) -> Row:
    """The file as it stands now, what happened and was said from the oldest on."""
    file: Any = begun_file(user, reference)
    row = {name: getattr(file, name) for name in BRIEF if name != "site__code"}
    return {
        **brief({**row, "site__code": file.site.code}),
        **{name: getattr(file, name) for name in _ANSWERS},
        **{name: str(getattr(file, name) or "") for name in MORE},
        "sectors": list(file.sectors.order_by("code").values_list("code", flat=True)),
        "questions": file.answers or {},
        "decision": _decision(file),
        "offer": _offer(file),
        "trail": [{"at": told.at, "label": told.label} for told in trail_for_applicant(file)],
        "messages": [
            {"at": remark.at, "by_applicant": remark.by_applicant, "text": remark.body}
            for remark in remarks_for_applicant(file)
        ],
        "documents": [
            {column: getattr(document, column) for column in DOCUMENT}
            for document in shown_to_applicant(file)
        ],
        "linked": _linked(file, user),
        "request": request_row(file.pk) if file.state == State.INFO_REQUESTED else None,
        "draft": draft_row(file.pk) if file.state == State.DRAFT else None,
    }


def _decision(file: Application) -> Row | None:
    decision = published_decision(file)
    if decision is None:
        return None
    return {
        "outcome": decision.outcome,
        "reasons": reasons_in_words(decision),
        "conditions": decision.conditions,
        "until": decision.until,
        "published_at": decision.published_at,
    }


def _offer(file: Application) -> Row | None:
    if file.state not in OFFER_SHOWN:
        return None
    offer = file.offers.values(*OFFER).first()
    return offer_row(offer) if offer is not None else None


def _linked(file: Application, user: Any) -> list[Row]:
    """What the same company sent to other sites in one go."""
    first = file.sister_of_id or file.pk
    rows = Application.objects.of_partner(user).made_together(first).exclude(pk=file.pk)
    found = rows.order_by("id").values_list("reference", "site__code")
    return [{"reference": reference, "site": site} for reference, site in found]
