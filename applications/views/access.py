"""Whose file a page of applicants is about: theirs, or the draft that this browser began."""

from typing import Final

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import User
from applications.models import Application
from applications.permissions import applies
from applications.workflow import State

_SESSION_KEY: Final = "drafts"


def own_file(request: HttpRequest, reference: str) -> Application:
    """The file under that reference if it is this person's; anybody else's does not exist.

    A draft may also be opened by the browser that began it, or that followed its resume link
    (`remember_draft`): a start-up signs in only once it has something to come back to.
    """
    files = Application.objects.select_related("site", "call_version__call")
    own = files.of_applicant(request.user).filter(reference=reference).first()
    if own is None and reference in _remembered(request):
        own = files.filter(reference=reference, state=State.DRAFT).first()
    if own is None:
        raise Http404
    return own


def acting_applicant(request: HttpRequest, file: Application) -> User | None:
    """Who acts on the page of their own file; None for the browser that has the draft."""
    user = request.user
    return user if user.is_authenticated and applies(user, file) else None


def own_draft(request: HttpRequest, reference: str) -> Application:
    """`own_file`, and what this browser began once it is a draft no more: to be led on from."""
    files = Application.objects.select_related("site", "call_version__call")
    if reference in _remembered(request):
        return get_object_or_404(files, reference=reference)
    return own_file(request, reference)


def remember_draft(request: HttpRequest, file: Application) -> None:
    """From now on this browser may go on with the draft."""
    others = [known for known in _remembered(request) if known != file.reference]
    request.session[_SESSION_KEY] = [*others, file.reference][-20:]


def begun_here(request: HttpRequest) -> QuerySet[Application]:
    """The drafts that this browser may go on with."""
    drafts = Application.objects.filter(reference__in=_remembered(request), state=State.DRAFT)
    return drafts.select_related("site").order_by("-id")


def _remembered(request: HttpRequest) -> list[str]:
    known = request.session.get(_SESSION_KEY, [])
    return known if isinstance(known, list) else []
