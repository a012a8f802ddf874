"""The applicant's own files: the list, the page, what they answer and say there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from applications.forms import asked_of
from applications.labels import Visibility, applicant_label
from applications.models import Application, Offer
from applications.selectors.applicant import tasks_of_applicant
from applications.selectors.files import published_outcomes
from applications.services import answers, conversation, requests, tasks
from applications.views.access import own_file, sent_file, signed_in
from applications.views.own_page import own_page
from applications.workflow import NEVER_SENT, State
from core.errors import DomainError
from core.forms import whole_number


@login_required
@require_GET
def my_applications(request: HttpRequest) -> HttpResponse:
    """Everything this person has begun or sent, the newest first."""
    own = Application.objects.of_applicant(request.user).select_related("site")
    files = list(own.exclude(state=State.EXPIRED).order_by("-id"))
    known = published_outcomes(files)
    rows = [
        {
            "file": file,
            "state": applicant_label(file.state, known.get(file.pk)),
            "draft": file.state == State.DRAFT,
            "own": file.applicant_id == request.user.pk,
            "waits": file.state in {State.INFO_REQUESTED, State.OFFERED},
        }
        for file in files
    ]
    return render(request, "applications/my_applications.html", {"rows": rows})


@login_required
@require_GET
def my_application(request: HttpRequest, reference: str) -> HttpResponse:
    """One of the user's own files; anybody else's does not exist for them."""
    file = own_file(request, reference)
    if file.state in NEVER_SENT:
        return redirect("draft", reference=reference)
    return own_page(request, file)


@signed_in
@require_POST
def answer(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    """Accept or decline the open offer, or withdraw."""
    file = sent_file(request, reference)
    reason = request.POST.get("reason", "")
    user = request.user
    assert user.is_authenticated
    try:
        if verb == "withdraw":
            answers.withdraw(application=file, reason=reason, acting_user=user)
            done = gettext("You have withdrawn your application.")
        else:
            key = whole_number(request.POST.get("offer"))
            offer = get_object_or_404(Offer, application=file, pk=key)
            if verb == "accept":
                answers.accept_offer(offer=offer, acting_user=user)
                done = ""  # the page itself says what comes now
            else:
                answers.decline_offer(offer=offer, reason=reason, acting_user=user)
                done = gettext("You have declined our offer.")
    except DomainError as error:
        messages.error(request, error.message)
    else:
        if done:
            messages.success(request, done)
    return redirect("my_application", reference=reference)


@signed_in
@require_POST
def answer_request(request: HttpRequest, reference: str) -> HttpResponse:
    """What was asked for, and nothing else; a refused answer comes back with what was typed."""
    file = sent_file(request, reference)
    user = request.user
    assert user.is_authenticated
    asked = asked_of(file)
    if asked is None:
        messages.error(request, gettext("Nothing is asked of you any more."))
        return redirect("my_application", reference=reference)
    form = asked.form(file, request.POST)
    if form.is_valid():
        try:
            requests.answer_request(
                application=file,
                changes=form.changes(),
                answers=form.own_answers(),
                acting_user=user,
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, gettext("Thank you: we go on with your application."))
            return redirect("my_application", reference=reference)
    return own_page(request, file, form=form, status=422)


@signed_in
@require_POST
def say(request: HttpRequest, reference: str) -> HttpResponse:
    """A message to the staff of the site."""
    file = sent_file(request, reference)
    body = request.POST.get("body", "")
    user = request.user
    assert user.is_authenticated
    try:
        conversation.say(
            application=file, body=body, visibility=Visibility.APPLICANT, acting_user=user
        )
    except DomainError as error:
        wrong = {"body": error.message}
        return own_page(request, file, typed={"body": body}, wrong=wrong, status=422)
    messages.success(request, gettext("Your message has been sent."))
    return redirect(f"{request.path.removesuffix('say/')}#conversation")


@signed_in
@require_POST
def settle_task(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """What is up to the applicant is done, or not after all (`undo`)."""
    file = sent_file(request, reference)
    task = get_object_or_404(tasks_of_applicant(file), pk=pk)
    settle = tasks.reopen_task if "undo" in request.POST else tasks.complete_task
    user = request.user
    assert user.is_authenticated
    try:
        settle(task=task, acting_user=user)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect(f"{reverse('my_application', args=[reference])}#tasks")
