"""All that is kept of one's own application, to take away."""

import json
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_GET

from applications.models import Application
from applications.selectors.export import documents_to_take, everything_for_applicant
from applications.views.access import own_file
from core import archives


@login_required
@require_GET
def export(request: HttpRequest, reference: str) -> StreamingHttpResponse:
    """A ZIP: data.json and the documents; sent while it is made."""
    file = own_file(request, reference)
    response = StreamingHttpResponse(
        archives.streamed(_entries(file)), content_type="application/zip"
    )
    response["Content-Disposition"] = f'attachment; filename="{file.reference}.zip"'
    response["Cache-Control"] = "private, no-store"
    return response


def _entries(file: Application) -> Iterator[tuple[str, Any]]:
    data = everything_for_applicant(file)
    told = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    yield "data.json", [told.encode()]
    for document in documents_to_take(file):
        try:
            with document.file.open("rb") as stored:
                yield f"documents/{document.name}", stored.chunks()
        except FileNotFoundError:
            continue  # removed while the archive was being sent
