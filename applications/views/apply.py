"""Beginning an application: where, under which call, may one, and the way back by mail."""

from typing import Any

from django.core import signing
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from applications.forms import PREFIX, BeginForm, EligibilityForm, eligibility_questions, given_in
from applications.models import Application, CallVersion
from applications.selectors.calls import open_versions, sites_to_apply_at
from applications.services.drafting import send_way_back, start_draft
from applications.views.access import begun_here, remember_draft
from applications.views.limits import AddressThrottle, EmailThrottle
from core.errors import DomainError
from core.limits import allowed
from sites.models import Lessor, Site

_SALT = "received"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """`/apply/?site=CAS&lang=ar&call=…`: the site, the call, the questions that tell who may
    apply (nothing of them is kept), then an address to begin with."""
    asked = request.POST if request.method == "POST" else request.GET
    site = sites_to_apply_at().filter(code=asked.get("site", "")).first()
    if site is None:
        return _sites(request, asked.get("site", ""))
    versions = list(open_versions(site).prefetch_related("questions"))
    version = next((one for one in versions if one.call.code == asked.get("call")), None)
    if version is None and len(versions) == 1:
        version = versions[0]
    if version is None and versions:
        return render(request, "applications/calls.html", {"site": site, "versions": versions})
    answers = given_in({name: asked.get(name, "") for name in asked if name.startswith(PREFIX)})
    questions = eligibility_questions(version, answers)
    eligible = EligibilityForm(asked if _answered(answers) else None, questions=questions)
    context: dict[str, Any] = {"site": site, "version": version, "versions": versions}
    if questions and not eligible.is_valid():
        status = 422 if eligible.is_bound or request.method == "POST" else 200
        context["form"] = eligible
        return render(request, "applications/eligibility.html", context, status=status)
    context["answers"] = {name: asked[name] for name in eligible.fields}
    if request.method == "POST":
        return _begin(request, site, version, context)
    user = request.user
    email = user.email if user.is_authenticated and not user.is_staff else ""
    return _begin_page(request, BeginForm(initial={"email": email}), context)


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
    sisters = file.sisters.select_related("site").order_by("id")
    context = {"application": file, "sisters": sisters}
    return render(request, "applications/received.html", context)


def received_token(file: Application) -> str:
    return signing.dumps(file.reference, salt=_SALT)


def _answered(answers: dict[str, Any]) -> bool:
    return any(answers.values())


def _begin(
    request: HttpRequest, site: Site, version: CallVersion | None, context: dict[str, Any]
) -> HttpResponse:
    form = BeginForm(request.POST)
    if not form.is_valid():
        return _begin_page(request, form, context, status=422)
    if not allowed(request, AddressThrottle, EmailThrottle):
        form.add_error(None, _("Too many applications were begun. Try again in an hour."))
        return _begin_page(request, form, context, status=429)
    try:
        with transaction.atomic():
            draft = start_draft(
                site=site,
                call_version=version,
                email=form.cleaned_data["email"],
                language=get_language() or "fr",
                typed=context["answers"],
            )
            send_way_back(application=draft)
    except DomainError as error:
        form.add_error(None, error.message)
        return _begin_page(request, form, context, status=422)
    remember_draft(request, draft)
    return redirect("draft", reference=draft.reference)


def _begin_page(
    request: HttpRequest, form: BeginForm, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    if form.is_bound:
        form.again()
    lessors = Lessor.objects.filter(pk=context["site"].lessor_id)
    return render(
        request,
        "applications/begin.html",
        {**context, "form": form, "lessors": lessors, "begun": begun_here(request)},
        status=status,
    )


def _sites(request: HttpRequest, asked: str) -> HttpResponse:
    """Where one can apply; a site that was asked for and takes none is named."""
    context = {
        "sites": sites_to_apply_at(),
        "closed": Site.objects.filter(code=asked).first(),
        "begun": begun_here(request),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "applications/apply.html", context, status=status)
