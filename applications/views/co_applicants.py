"""People who apply together: inviting, coming, leaving."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from applications.errors import InvitationGone
from applications.models import CoApplicant
from applications.services import co_applicants
from applications.views.access import acting_applicant, sent_file, signed_in
from applications.views.limits import InviteThrottle
from applications.views.own_page import own_page
from core.errors import DomainError
from core.limits import allowed


@signed_in
@require_POST
def invite(request: HttpRequest, reference: str) -> HttpResponse:
    """The same answer, whoever the address belongs to."""
    file = sent_file(request, reference)
    email = request.POST.get("email", "")[:254]
    if not allowed(request, InviteThrottle):
        reason = gettext("You have invited many people: go on in an hour.")
        return own_page(request, file, typed={"email": email}, wrong={"email": reason}, status=429)
    try:
        made = co_applicants.invite(
            application=file, email=email, acting_user=acting_applicant(request, file)
        )
    except DomainError as error:
        return own_page(
            request, file, typed={"email": email}, wrong={"email": error.message}, status=422
        )
    said = gettext("An invitation is on its way to %(email)s.") % {"email": made.email}
    messages.success(request, said)
    return redirect("my_application", reference=reference)


@signed_in
@require_POST
def remove(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Take an invitation back, or leave the file oneself."""
    file = sent_file(request, reference)
    person = get_object_or_404(CoApplicant, application=file, pk=pk)
    try:
        co_applicants.remove(co_applicant=person, acting_user=acting_applicant(request, file))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("my_application", reference=reference)
    left = person.user_id == request.user.pk
    messages.success(
        request,
        gettext("You have left the application.") if left else gettext("The access is removed."),
    )
    return redirect("my_applications") if left else redirect("my_application", reference)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """`/my/join/…/`, out of the letter: sign in with the address it was sent to, then come in."""
    user = request.user
    try:
        invitation = co_applicants.invited(token)
        if request.method == "POST" and user.is_authenticated:
            co_applicants.join(invitation=invitation, acting_user=user)
            return redirect("my_application", reference=invitation.application.reference)
        if request.method == "POST":
            co_applicants.may_sign_in(invitation=invitation)
            onward = urlencode({"next": request.path})
            return redirect(f"{reverse('account_request_login_code')}?{onward}")
    except InvitationGone as error:
        return render(request, "applications/join.html", {"refusal": error.message}, status=410)
    except DomainError as error:
        return render(request, "applications/join.html", {"refusal": error.message}, status=403)
    return render(request, "applications/join.html", {"invitation": invitation})
