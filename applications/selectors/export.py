"""All that an applicant may know of their application, to take away (law 09-08, access).

What is named here is exported; what staff say among themselves, scores, votes and decisions that
are not published are not. Days and times are ISO, states and outcomes in the language in force.
"""

from typing import Any

from applications.answers import as_json
from applications.labels import ScanState
from applications.models import Application, Document
from applications.selectors.applicant import published_decision, tasks_of_applicant
from applications.selectors.conversation import remarks_for_applicant
from applications.selectors.files import trail_for_applicant
from applications.selectors.requested import in_words
from core.models import Message, MessageState


def everything_for_applicant(application: Application) -> dict[str, Any]:
    """As JSON; the documents' bytes come apart (`documents_to_take`)."""
    file = application
    return {
        "reference": file.reference,
        "site": file.site.name,
        "call": str(file.call_version.call) if file.call_version else None,
        "language": file.language,
        "received": file.submitted_at,
        "consent": {"text": file.consent_version, "given": file.consent_at},
        "email": file.contact_email,
        "answers": {
            **as_json(file, sectors=file.sectors.values_list("code", flat=True)),
            "answers": file.answers,
        },
        "typed": file.typed,
        "versions": list(file.revisions.order_by("number").values("number", "sent_at", "answers")),
        "steps": [{"at": told.at, "state": str(told.label)} for told in trail_for_applicant(file)],
        "requests": [_request(file, request) for request in file.requests.order_by("id")],
        "decision": _decision(file),
        "offers": [_offer(offer) for offer in file.offers.order_by("id")],
        "conversation": [
            {
                "at": remark.at,
                "from": str(remark.author) if remark.by_applicant else file.site.name,
                "text": remark.body,
            }
            for remark in remarks_for_applicant(file)
        ],
        "documents": [_document(document) for document in file.documents.order_by("id")],
        "tasks": [
            {"what": task.title, "due": task.due_on, "done": task.done_at}
            for task in tasks_of_applicant(file)
        ],
        "co_applicants": list(
            file.co_applicants.order_by("id").values(
                "email", "invited_at", "accepted_at", "removed_at"
            )
        ),
        "letters": list(
            Message.objects.filter(
                matter__startswith=f"application:{file.pk}:",
                to=file.contact_email,
                secret=False,
                state__in=[MessageState.SENT, MessageState.UNCERTAIN],
            )
            .order_by("id")
            .values("sent_at", "subject", "body")
        ),
    }


def documents_to_take(application: Application) -> list[Document]:
    """Whose bytes are there and may be opened; removed ones too, as staff still keep them."""
    readable = [ScanState.CLEAN, ScanState.NOT_SCANNED]
    return list(application.documents.filter(scan__in=readable).exclude(file="").order_by("id"))


def _request(file: Application, request: Any) -> dict[str, Any]:
    return {
        "asked": request.asked_at,
        "message": request.message,
        "items": in_words(file, request),
        "answer_by": request.due_on,
        "state": request.get_state_display(),
        "settled": request.settled_at,
    }


def _decision(file: Application) -> dict[str, Any] | None:
    decision = published_decision(file)
    if decision is None:
        return None
    return {
        "published": decision.published_at,
        "outcome": decision.get_outcome_display(),
        "reasons": decision.reason_labels,
        "conditions": decision.conditions,
        "until": decision.until,
    }


def _offer(offer: Any) -> dict[str, Any]:
    return {
        "made": offer.created_at,
        "state": offer.get_state_display(),
        "space": str(offer.space) if offer.space else None,
        "area_m2": offer.area_m2,
        "from": offer.period.start,
        "until": offer.period.last_day,
        "rent_steps": offer.steps,
        "monthly_rent": offer.monthly_rent,
        "deposit": offer.deposit,
        "open_until": offer.open_until,
    }


def _document(document: Document) -> dict[str, Any]:
    return {
        "name": document.name,
        "asked_as": document.key,
        "size": document.size,
        "sha256": document.sha256,
        "uploaded": document.uploaded_at,
        "removed": document.removed_at,
        "virus_scan": document.get_scan_display(),
    }
