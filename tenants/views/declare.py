"""`/declare/…/`, out of our letter: a company that left says what has become of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError
from core.limits import ByNetwork, allowed
from core.links import LinkExpired
from core.periods import today
from tenants.forms import OwnDeclarationForm
from tenants.models import FollowUp
from tenants.selectors.follow_ups import answer_in_force, declared_of
from tenants.services.asking import followed, send_anew
from tenants.services.declarations import Evidence, Said, answer


class DeclareThrottle(ByNetwork):
    """Answers, and links asked for anew, from one network address."""

    scope = "declare"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest, token: str) -> HttpResponse:
    """The form, with what was declared before; answered again, it puts the answer right."""
    try:
        follow_up = followed(token)
    except DomainError as error:
        return _refusal(request, token, error)
    if request.method != "POST":
        return _page(request, follow_up, OwnDeclarationForm(initial=_as_answered(follow_up)))
    form = OwnDeclarationForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, follow_up, form, status=422)
    if not allowed(request, DeclareThrottle):
        form.add_error(None, gettext("Too many answers came from your network. Try in an hour."))
        return _page(request, follow_up, form, status=429)
    given = form.cleaned_data
    file = given.pop("file")
    try:
        answer(follow_up=follow_up, said=Said(**given), file=evidence_of(file))
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return _page(request, follow_up, form, status=422)
    messages.success(request, gettext("Thank you: your answer is kept."))
    return redirect(request.path)


@never_cache
@require_POST
def anew(request: HttpRequest, token: str) -> HttpResponse:
    """A link that ran out is sent again; the answer is the same whether or not one leaves."""
    if not allowed(request, DeclareThrottle):
        said = gettext("Too many links were asked for from your network. Try in an hour.")
        return render(request, "tenants/declare_refused.html", {"refusal": said}, status=429)
    try:
        send_anew(token=token)
    except DomainError as error:
        return _refusal(request, token, error)
    return render(request, "tenants/declare_refused.html", {"sent": True})


def evidence_of(file: Any) -> Evidence | None:
    """What a form was sent, for the service."""
    if file is None:
        return None
    return Evidence(file.file, file.name or "", file.size or 0)


def _as_answered(follow_up: FollowUp) -> dict[str, object]:
    before = answer_in_force(follow_up)
    if before is None:
        return {"on": today()}
    return {name: getattr(before, name) for name in ("status", "on", "headcount", "evidence")}


def _page(
    request: HttpRequest, follow_up: FollowUp, form: OwnDeclarationForm, status: int = 200
) -> HttpResponse:
    context = {
        "follow_up": follow_up,
        "company": follow_up.company,
        "lessor": follow_up.site.lessor,
        "answered": answer_in_force(follow_up),
        "declared": declared_of(follow_up.company),
        "form": form,
    }
    return render(request, "tenants/declare.html", context, status=status)


def _refusal(request: HttpRequest, token: str, error: DomainError) -> HttpResponse:
    context = {
        "refusal": error.message,
        "token": token if isinstance(error, LinkExpired) else None,
    }
    return render(request, "tenants/declare_refused.html", context, status=error.status)
