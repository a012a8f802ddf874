"""The public form: a start-up applies."""

from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from rest_framework.throttling import SimpleRateThrottle

from applications.forms import ApplicationForm, opened_at, opened_now
from applications.models import Application
from applications.services.submission import submit_application
from core.errors import DomainError
from core.middleware import client_address
from sites.models import Lessor, Site

_SALT = "received"


class ApplyThrottle(SimpleRateThrottle):
    """Applications received from one address; corrections of a refused form do not count."""

    scope = "apply"

    def get_cache_key(self, request: HttpRequest, view: object) -> str:
        return f"throttle:apply:{client_address(request)}"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """`/apply/?site=CAS&lang=ar`: the form; received, it is acknowledged by mail."""
    if request.method != "POST":
        asked = request.GET.get("site", "")
        closed = Site.objects.filter(code=asked, takes_applications=False).first()
        return _page(request, ApplicationForm(initial={"site": asked}), closed=closed)
    form = ApplicationForm(request.POST)
    if not form.is_valid():
        return _again(request, form)
    if not ApplyThrottle().allow_request(request, None):  # type: ignore[arg-type]
        form.add_error(
            None, _("Too many applications came from your network. Try again in an hour.")
        )
        return _again(request, form, status=429)
    try:
        file = submit_application(
            site=form.cleaned_data["site"],
            answers=form.answers(),
            language=get_language() or "fr",
            submission_key=form.cleaned_data["submission_key"],
        )
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return _again(request, form)
    except ValidationError as error:
        found = error.message_dict
        known = {field: texts for field, texts in found.items() if field in form.fields}
        for field, texts in known.items():
            form.add_error(field, texts)
        if not known:
            form.add_error(None, error.messages)
        return _again(request, form)
    return redirect("apply_received", token=signing.dumps(file.reference, salt=_SALT))


@never_cache
@require_safe
def received(request: HttpRequest, token: str) -> HttpResponse:
    """What happens next, with the reference; the signed address gives no way to another file."""
    try:
        reference = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise Http404 from error
    file = Application.objects.select_related("site").filter(reference=reference).first()
    if file is None:
        raise Http404
    return render(request, "applications/received.html", {"application": file})


def _again(request: HttpRequest, form: ApplicationForm, status: int = 422) -> HttpResponse:
    """The form with its errors and every answer."""
    data = request.POST.copy()
    if not opened_at(data.get("opened", "")):
        data["opened"] = opened_now()
    form.data = data
    return _page(request, form, status=status)


def _page(
    request: HttpRequest,
    form: ApplicationForm,
    *,
    closed: Site | None = None,
    status: int = 200,
) -> HttpResponse:
    lessors = Lessor.objects.filter(site__takes_applications=True).distinct().order_by("id")
    context = {"form": form, "closed": closed, "lessors": lessors}
    return render(request, "applications/apply.html", context, status=status)
