"""Files on their way to people."""

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpResponse


def attached(file: FieldFile, *, name: str, media_type: str) -> FileResponse:
    """The bytes as a file to save: no browser shows them, runs them or keeps them."""
    response = FileResponse(
        file.open("rb"), as_attachment=True, filename=name, content_type=media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def bytes_attached(data: bytes, *, name: str, media_type: str) -> HttpResponse:
    """The same for what is at hand, of our own making."""
    return HttpResponse(
        data,
        content_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
