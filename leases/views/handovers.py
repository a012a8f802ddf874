"""Photos of handover reports, shown to whoever may see the lease."""

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from core.pictures import MEDIA_TYPE
from leases.models import HandoverPhoto
from sites.admin.scoping import acting


@require_safe
def photo_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The picture itself, `?small` as in a list; it never changes, so the browser keeps it."""
    photo = get_object_or_404(HandoverPhoto.objects.visible_to(acting(request)), pk=pk)
    file = photo.small if "small" in request.GET else photo.file
    answer = FileResponse(file.open("rb"), content_type=MEDIA_TYPE)
    answer["Content-Disposition"] = f'inline; filename="photo-{photo.pk}.jpg"'
    answer["Cache-Control"] = "private, max-age=3600"
    return answer
