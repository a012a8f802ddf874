"""The file beside a declaration, as a file to save, behind the staff site's door."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from core.downloads import attached
from sites.admin.scoping import acting
from tenants.models import Declaration


@require_safe
def evidence_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    declaration = get_object_or_404(Declaration.objects.visible_to(acting(request)), pk=pk)
    if not declaration.file:
        raise Http404
    return attached(declaration.file, name=declaration.file_name, media_type=declaration.media_type)
