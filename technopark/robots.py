"""What search engines may read: the public pages, not people's own."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

_CLOSED = (
    "/account/",
    "/apply/received/",
    "/apply/resume/",
    "/declare/",
    "/demo/",
    "/invoice/",
    "/my/",
    "/staff/",
)
_TEXT = "User-agent: *\n" + "".join(f"Disallow: {path}\n" for path in _CLOSED)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_TEXT, content_type="text/plain")
