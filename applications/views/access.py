"""Whose file a page of applicants is about: theirs, or the draft that this browser began."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from accounts.models import User
from applications.letters import mark_of_address
from applications.models import Application
from applications.permissions import applies
from applications.workflow import NEVER_SENT, State

_SESSION_KEY: Final = "drafts"
_MOST: Final = 20
"""Drafts that one browser goes on with."""


class Unknown(Http404):
    """No such file, or not theirs: the answer is the same."""


def or_sign_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For pages of a draft: who is not signed in, and opens one that this browser does not know,
    signs in first, whether there is such a draft or not. Afterwards it opens if it is theirs."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Unknown:
            if request.user.is_authenticated or request.method == "POST":
                raise
            return redirect_to_login(request.get_full_path())

    return shown


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For what the page of an application sends: who is signed out meanwhile comes back to that
    page, not to an address that opens nothing."""

    @wraps(view)
    def acted(request: HttpRequest, reference: str, **more: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(reverse("my_application", args=[reference]))
        return view(request, reference, **more)

    return acted


def own_file(request: HttpRequest, reference: str) -> Application:
    """The file under that reference if it is this person's; anybody else's does not exist.

    A draft may also be opened by the browser that began it, or that followed its resume link
    (`remember_draft`): a start-up signs in only once it has something to come back to.
    """
    files = Application.objects.select_related("site", "call_version__call")
    own = files.of_applicant(request.user).filter(reference=reference).first()
    if own is None:
        own = _begun(request, reference)
        if own is None or own.state != State.DRAFT:
            raise Unknown
    return own


def sent_file(request: HttpRequest, reference: str) -> Application:
    """`own_file`, once it was sent; a draft has pages of its own."""
    file = own_file(request, reference)
    if file.state in NEVER_SENT:
        raise Unknown
    return file


def acting_applicant(request: HttpRequest, file: Application) -> User | None:
    """Who acts on the page of their own file; None for the browser that has the draft."""
    user = request.user
    return user if user.is_authenticated and applies(user, file) else None


def own_draft(request: HttpRequest, reference: str) -> Application:
    """`own_file`, and what this browser began once it is a draft no more: to be led on from."""
    return _begun(request, reference) or own_file(request, reference)


def remember_draft(request: HttpRequest, file: Application) -> None:
    """From now on this browser may go on with the draft."""
    known = {**_remembered(request), file.reference: mark_of_address(file)}
    request.session[_SESSION_KEY] = dict(list(known.items())[-_MOST:])


def begun_here(request: HttpRequest) -> list[Application]:
    """The drafts that this browser may go on with, the five newest."""
    known = _remembered(request)
    drafts = Application.objects.filter(reference__in=known, state=State.DRAFT)
    newest = drafts.select_related("site").order_by("-id")
    return [file for file in newest if known[file.reference] == mark_of_address(file)][:5]


def _begun(request: HttpRequest, reference: str) -> Application | None:
    """What this browser began, or came back to by its link, unless the address was put right
    elsewhere since."""
    mark = _remembered(request).get(reference)
    if mark is None:
        return None
    files = Application.objects.select_related("site", "call_version__call")
    file = files.filter(reference=reference).first()
    return file if file is not None and mark_of_address(file) == mark else None


def _remembered(request: HttpRequest) -> dict[str, str]:
    """The mark of the address of each draft, by its reference."""
    known = request.session.get(_SESSION_KEY, {})
    return known if isinstance(known, dict) else {}
