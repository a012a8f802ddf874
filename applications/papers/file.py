"""The whole file on paper: all answers, uncut, the documents' names and the trail."""

from typing import Any

from django.utils.translation import gettext, pgettext

from accounts.rights import Action
from applications.models import Application
from applications.papers.wording import (
    capitalised,
    day,
    document_columns,
    documents_of,
    headings,
    moment,
    title_of,
)
from applications.selectors.reading import chapters
from core.errors import NotAllowed
from core.typesetting import typeset
from sites.scopes import scope_of


def file_pdf(application: Application, *, user: Any) -> bytes:
    """In the language in force. Staff of the site get the contact and the trail too; a reviewer
    gets what they read on their page. Raises NotAllowed for whoever may not see the file."""
    if not Application.objects.visible_to(user).filter(pk=application.pk).exists():
        raise NotAllowed
    staff = scope_of(user, Action.VIEW, "application").covers(application.site_id)
    trail = application.transitions.order_by("id") if staff else []
    card = [
        [gettext("reference"), application.reference],
        [gettext("site"), str(application.site)],
        [gettext("state"), application.get_state_display()],
        [
            pgettext("date", "received"),
            day(application.submitted_at) if application.submitted_at else "",
        ],
        [gettext("version"), str(application.revision)],
    ]
    data = {
        "title": title_of(application),
        "card": capitalised(card),
        "chapters": [
            {
                "title": str(chapter.title),
                "lines": [{"label": line.label, "text": line.text} for line in chapter.lines],
            }
            for chapter in chapters(application, contact=staff)
        ],
        "documents": documents_of(application.documents.visible_to(user).kept()),
        "trail": [
            [moment(step.at), step.get_step_display(), step.get_target_display()] for step in trail
        ],
        "words": {
            "documents": gettext("Documents"),
            "document_columns": headings(*document_columns()),
            "trail": gettext("Steps"),
            "trail_columns": headings(gettext("at"), gettext("step"), gettext("state")),
        },
    }
    return typeset("applications/pdf/file.typ", data)
