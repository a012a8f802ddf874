"""A draft: chapter by chapter, kept as one types, checked, sent."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications import letters
from applications.errors import TooManyLetters
from applications.forms import ChapterForm, Form, given_in
from applications.labels import Section
from applications.models import Application, CallVersion
from applications.selectors.applicant import way_back_refused
from applications.selectors.calls import can_be_sent, closing_of, open_versions
from applications.services import drafting
from applications.services.submission import submit_draft
from applications.views.access import acting_applicant, or_sign_in, own_draft, remember_draft
from applications.views.apply import received_token
from applications.views.limits import AddressThrottle, EmailThrottle
from applications.workflow import NEVER_SENT, State
from core.errors import DomainError
from core.forms import whole_number
from core.limits import allowed
from sites.models import Lessor

SEND = "send"


@never_cache
@or_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, reference: str) -> HttpResponse:
    """Where its author left off: the first chapter that is not complete, or the last page. A POST
    takes up what had expired: by a button, not by a mail program that opens links."""
    file = _draft(request, reference)
    if file.state == State.EXPIRED:
        return _expired(request, file)
    if file.state != State.DRAFT:
        return _gone_on(file)
    form = Form(file)
    todo = next((section for section in form.sections if not form.is_done(section)), SEND)
    return redirect("draft_chapter", reference=reference, chapter=todo)


@never_cache
@or_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def chapter(request: HttpRequest, reference: str, chapter: str) -> HttpResponse:
    """One chapter. `?check` says what is wrong with it; a POST keeps what stands in the fields:
    as one types (htmx), and again by the button, which goes on once nothing is wrong."""
    file = _draft(request, reference)
    form = Form(file)
    if chapter not in form.sections:
        raise Http404
    if request.method != "POST":
        if file.state != State.DRAFT:
            return _gone_on(file)
        section = Section(chapter)
        shown = form.checked[section] if "check" in request.GET else form.chapter(section)
        return _page(request, form, shown)
    before = set(request.POST.get("shown", "").split())
    try:
        shown = form.chapter(chapter)
        typed = shown.typed_in(request.POST)
        file = drafting.type_in(
            application=file, fields=typed, acting_user=acting_applicant(request, file)
        )
    except DomainError as error:
        return _not_kept(request, file, error)
    form = Form(_with_questions(file))
    if request.htmx:  # type: ignore[attr-defined]
        return _kept(request, form, chapter, before, shown.seen_in(request.POST))
    if "leaving" in request.POST:  # by the browser, as its page went away
        return HttpResponse(status=204)
    return _go_on(form, Section(chapter), before)


@never_cache
@or_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything once more, what is missing with the way there, the consent, the button."""
    file = _draft(request, reference)
    if file.state != State.DRAFT:
        return _gone_on(file)
    form = Form(file)
    if request.method != "POST":
        return _last_page(request, form)
    if not form.is_complete or "consent" not in request.POST:
        refusal = _("We may study your application only with your consent.")
        return _last_page(request, form, refusals=[refusal] * form.is_complete, status=422)
    try:
        file = submit_draft(
            application=file,
            answers=form.answers(),
            given=given_in(file.typed or {}),
            language=get_language() or "fr",
            acting_user=acting_applicant(request, file),
            also_at=form.also_at(),
        )
    except (DomainError, ValidationError) as error:
        told = [error.message] if isinstance(error, DomainError) else error.messages
        return _last_page(request, form, refusals=told, status=422)
    return redirect("apply_received", token=received_token(file))


@never_cache
@require_POST
def discard(request: HttpRequest, reference: str) -> HttpResponse:
    """Its author gives the draft up."""
    file = _draft(request, reference)
    try:
        drafting.discard(application=file, acting_user=acting_applicant(request, file))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("draft", reference=reference)
    messages.success(request, _("The draft is given up."))
    return redirect("apply")


@never_cache
@require_POST
def address(request: HttpRequest, reference: str) -> HttpResponse:
    """The e-mail address was wrong, or the letter with the way back got lost."""
    file = _draft(request, reference)
    email = request.POST.get("email", "")[:254]
    try:
        if not allowed(request, AddressThrottle, EmailThrottle):
            raise TooManyLetters
        file = drafting.correct_address(
            application=file, email=email, acting_user=acting_applicant(request, file)
        )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        remember_draft(request, file)
        said = _("The link to this draft is on its way to %(email)s.")
        messages.success(request, said % {"email": file.contact_email})
    return redirect("draft_chapter", reference=reference, chapter=Section.APPLICANT)


@never_cache
@require_POST
def move(request: HttpRequest, reference: str) -> HttpResponse:
    """The draft goes on under another open call of its site."""
    file = _draft(request, reference)
    version = get_object_or_404(
        CallVersion.objects.in_use(), pk=whole_number(request.POST.get("call"))
    )
    try:
        drafting.move_over(
            application=file, call_version=version, acting_user=acting_applicant(request, file)
        )
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("draft", reference=reference)


@never_cache
@require_safe
def resume(request: HttpRequest, token: str) -> HttpResponse:
    """The way back out of a letter."""
    try:
        reference, mark = letters.way_back_of(token)
    except BadSignature as error:
        raise Http404 from error
    file = get_object_or_404(Application, reference=reference)
    if letters.mark_of_address(file) != mark:
        raise Http404
    if file.state in NEVER_SENT:
        remember_draft(request, file)
    return _gone_on(file)


def _draft(request: HttpRequest, reference: str) -> Application:
    return _with_questions(own_draft(request, reference))


def _with_questions(file: Application) -> Application:
    if file.call_version is not None:
        prefetch_related_objects([file], "call_version__questions", "call_version__documents")
    return file


def _expired(request: HttpRequest, file: Application) -> HttpResponse:
    if file.anonymised_at is not None:
        raise Http404
    if request.method != "POST":
        return render(request, "applications/draft_expired.html", {"application": file})
    try:
        drafting.resume_draft(application=file, acting_user=acting_applicant(request, file))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("my_applications")
    return redirect("draft", reference=file.reference)


def _gone_on(file: Application) -> HttpResponse:
    """To the page of what it is now: a draft's, or the one of what was sent."""
    page = "draft" if file.state in NEVER_SENT else "my_application"
    return redirect(page, reference=file.reference)


def _page(request: HttpRequest, form: Form, shown: ChapterForm) -> HttpResponse:
    file = form.draft
    here = form.sections.index(shown.section)
    context = {
        "application": file,
        "form": shown,
        "chapters": _chapters(form, shown.section),
        "number": here + 1,
        "previous": form.sections[here - 1] if here else None,
        "closing": closing_of(file),
        "wanted": form.wanted if shown.section == Section.DOCUMENTS else [],
        "address_refused": way_back_refused(file),
    }
    return render(request, "applications/draft.html", context)


def _chapters(form: Form, current: str) -> list[dict[str, Any]]:
    """The way through the form: each chapter, and whether it is complete."""
    reference = form.draft.reference
    found = [
        {
            "label": section.label,
            "address": reverse("draft_chapter", args=[reference, section]),
            "done": form.is_done(section),
            "current": section == current,
        }
        for section in form.sections
    ]
    last = {"label": _("Check and send"), "done": False, "current": current == SEND,
            "address": reverse("draft_chapter", args=[reference, SEND])}  # fmt: skip
    return [*found, last]


def _kept(
    request: HttpRequest, form: Form, section: str, before: set[str], seen: str
) -> HttpResponse:
    """What the page shows as one types: when it was kept, questions that now show or no longer."""
    shown = form.chapter(section)
    now = {slot.name for slot in shown.slots() if slot.conditional and slot.field}
    changed = [slot for slot in shown.slots() if slot.conditional and slot.name in now ^ before]
    context = {
        "application": form.draft,
        "form": shown,
        "changed": changed,
        "seen": seen,
        "closing": closing_of(form.draft),
    }
    return render(request, "applications/kept.html", context)


def _not_kept(request: HttpRequest, file: Application, error: DomainError) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(error.message, status=error.status, content_type="text/plain")
    messages.error(request, error.message)
    return redirect("draft", reference=file.reference)


def _go_on(form: Form, section: Section, before: set[str]) -> HttpResponse:
    """Always to another page: the back button never asks whether to send a form once more."""
    shown = form.checked[section]
    here = reverse("draft_chapter", args=[form.draft.reference, section])
    if not shown.is_valid():
        return redirect(f"{here}?check#errors")
    if not set(shown.shown_names().split()) <= before:
        # An answer asks another question, which the page could not show by itself.
        return redirect(here)
    rest = form.sections[form.sections.index(section) + 1 :]
    following = rest[0] if rest else SEND
    return redirect("draft_chapter", reference=form.draft.reference, chapter=following)


def _last_page(
    request: HttpRequest, form: Form, *, refusals: list[str] | None = None, status: int = 200
) -> HttpResponse:
    file = form.draft
    sendable = can_be_sent(file)
    context = {
        "application": file,
        "chapters": _chapters(form, SEND),
        "parts": [_part(form, section) for section in form.sections],
        "complete": form.is_complete,
        "refusals": refusals or [],
        "sendable": sendable,
        "address_refused": way_back_refused(file),
        "others": [] if sendable else list(open_versions(file.site)),
        "lessors": Lessor.objects.filter(pk=file.site.lessor_id),
    }
    return render(request, "applications/draft_send.html", context, status=status)


def _part(form: Form, section: Section) -> dict[str, Any]:
    shown = form.checked[section]
    fields = list(shown.summary())
    if section == Section.APPLICANT:
        fields.append((_("e-mail"), form.draft.contact_email))
    return {
        "section": section,
        "fields": fields,
        "wanted": form.wanted if section == Section.DOCUMENTS else [],
        "done": form.is_done(section),
        "errors": [(field, field.errors) for field in shown if field.errors],
        "missing": form.missing if section == Section.DOCUMENTS else [],
    }
