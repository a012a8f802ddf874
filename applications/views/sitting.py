"""The committee's own pages: one for everything that happens in a session, driven by whoever keeps
it and followed by its members, who need no other right than their seat."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.rights import Action
from applications.admin.deciding import DecisionForm
from applications.labels import Ballot, SessionState
from applications.models import AgendaItem, Application, Document, Member, Session
from applications.papers.file import file_pdf
from applications.papers.minutes import minutes_pdf
from applications.papers.pack import pack_pdf
from applications.selectors.scores import aggregates
from applications.selectors.sittings import (
    Standing,
    agenda,
    candidates,
    may_drive,
    own_seat,
    ready_files,
    sessions_of,
    to_convene,
)
from applications.services import agendas, committee, conflicts
from applications.services.convening import convene
from applications.services.minutes import sign_minutes
from applications.views.served import served
from core.errors import DomainError, NotAllowed
from core.forms import whole_number
from sites.admin.scoping import acting
from sites.scopes import scope_of


def my_sessions_page(request: HttpRequest) -> HttpResponse:
    """Where the user sits, and what they may see as staff."""
    return TemplateResponse(
        request,
        "applications/sitting/list.html",
        {
            **admin.site.each_context(request),
            "title": gettext_lazy("Committee sessions"),
            "sessions": sessions_of(request.user)[:50],
        },
    )


def sitting_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Agenda, members, votes and outcomes; every button posts `act`, what it is about, and more."""
    session = _session(request, pk)
    form: DecisionForm | None = None
    if request.method == "POST":
        verb = request.POST.get("act", "")
        if verb == "settle":
            item = _item(request, session)
            form = DecisionForm(request.POST, prefix=f"item{item.pk}")
            if form.is_valid() and _tried(request, lambda: _settle(request, item, form)):
                return _back(request, session)
        elif verb == "drop":
            if _tried(request, lambda: _drop(request, session)):
                return redirect("admin:my_sessions")
            return redirect("admin:sitting", pk)
        elif verb in _ACTS:
            if _tried(request, lambda: _ACTS[verb](request, session)):
                return _back(request, session)
            return redirect("admin:sitting", pk)  # a refusal is told at the top
        else:
            raise Http404
    return TemplateResponse(
        request, "applications/sitting/session.html", _context(request, session, form)
    )


def _back(request: HttpRequest, session: Session) -> HttpResponse:
    """To the item that was acted on, so that nobody loses their place in a long agenda."""
    address = reverse("admin:sitting", args=[session.pk])
    item = whole_number(request.POST.get("item"))
    return redirect(f"{address}#item-{item}" if item else address)


def pack_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The papers of the session, for this reader."""
    session = _session(request, pk)
    name = f"committee-{session.site.code}-{session.held_at:%Y-%m-%d}.pdf"
    return served(pack_pdf(session, reader=acting(request)), name)


def session_file_page(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """A whole file of the agenda as PDF, for those to whom it is open."""
    rows = AgendaItem.objects.filter(session=_session(request, pk), pk=item)
    found = rows.free_of_conflict(request.user).select_related("application__site").first()
    if found is None:
        raise Http404
    try:
        pdf = file_pdf(found.application, user=request.user)
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    return served(pdf, f"{found.application.reference}.pdf")


def minutes_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed minutes as they were signed; before, and for somebody in conflict with a file,
    what they are allowed to read of them."""
    session = _session(request, pk)
    user = acting(request)
    items = AgendaItem.objects.filter(session=session)
    reads_all = items.free_of_conflict(user).count() == items.count()
    name = f"minutes-{session.site.code}-{session.held_at:%Y-%m-%d}.pdf"
    if session.state == SessionState.SIGNED and reads_all:
        with session.minutes.open() as kept:
            return served(kept.read(), name)
    return served(minutes_pdf(session, reader=user), name)


def _session(request: HttpRequest, pk: int) -> Session:
    session = sessions_of(request.user).filter(pk=pk).first()
    if session is None:
        if not scope_of(request.user, Action.VIEW, "committee"):
            raise PermissionDenied
        raise Http404
    return session


def _item(request: HttpRequest, session: Session) -> AgendaItem:
    items = AgendaItem.objects.filter(session=session).free_of_conflict(request.user)
    asked = items.filter(pk=whole_number(request.POST.get("item")))
    item = asked.select_related("session", "application").first()
    if item is None:
        raise Http404
    return item


def _member(request: HttpRequest, session: Session) -> Member:
    given = whole_number(request.POST.get("member"))
    member = Member.objects.filter(session=session, pk=given).first()
    if member is None:
        raise Http404
    return member


def _tried(request: HttpRequest, act: Callable[[], None]) -> bool:
    """Do it; a refusal is told above the page."""
    try:
        act()
    except DomainError as refusal:
        messages.error(request, refusal.message)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        return True
    return False


def _open(request: HttpRequest, session: Session) -> None:
    committee.open_session(session=session, acting_user=acting(request))


def _drop(request: HttpRequest, session: Session) -> None:
    committee.drop_session(session=session, acting_user=acting(request))
    messages.success(request, _("The session is cancelled."))


def _convene(request: HttpRequest, session: Session) -> None:
    count = len(convene(session=session, acting_user=acting(request)))
    words = ngettext("%(count)s person is written to.", "%(count)s people are written to.", count)
    messages.success(request, words % {"count": count})


def _pass_the_chair(request: HttpRequest, session: Session) -> None:
    committee.pass_the_chair(member=_member(request, session), acting_user=acting(request))


def _close(request: HttpRequest, session: Session) -> None:
    committee.close_session(session=session, acting_user=acting(request))


def _sign(request: HttpRequest, session: Session) -> None:
    sign_minutes(session=session, acting_user=acting(request))
    messages.success(request, _("The minutes are signed."))


def _note_presence(request: HttpRequest, session: Session) -> None:
    there = set(request.POST.getlist("present"))
    for member in session.members.all():
        committee.note_presence(
            member=member, present=str(member.pk) in there, acting_user=acting(request)
        )


def _add_member(request: HttpRequest, session: Session) -> None:
    user = candidates(session).filter(pk=whole_number(request.POST.get("user"))).first()
    if user is None:
        raise Http404
    committee.add_member(
        session=session,
        user=user,
        substitute="substitute" in request.POST,
        acting_user=acting(request),
    )


def _remove_member(request: HttpRequest, session: Session) -> None:
    committee.remove_member(member=_member(request, session), acting_user=acting(request))


def _put_on_agenda(request: HttpRequest, session: Session) -> None:
    chosen = [whole_number(pk) for pk in request.POST.getlist("applications")]
    files = ready_files(session, request.user).filter(pk__in=chosen)
    agendas.put_on_agenda(session=session, applications=files, acting_user=acting(request))


def _move_up(request: HttpRequest, session: Session) -> None:
    item = _item(request, session)
    agendas.move_item(item=item, earlier=True, acting_user=acting(request))


def _move_down(request: HttpRequest, session: Session) -> None:
    item = _item(request, session)
    agendas.move_item(item=item, earlier=False, acting_user=acting(request))


def _take_off(request: HttpRequest, session: Session) -> None:
    agendas.remove_from_agenda(item=_item(request, session), acting_user=acting(request))


def _vote(request: HttpRequest, session: Session) -> None:
    """The secretary notes several votes at once, a member their own: `ballot_<member>`."""
    item = _item(request, session)
    for member in session.members.select_related("user"):
        ballot = request.POST.get(f"ballot_{member.pk}", "")
        if ballot:
            committee.cast_vote(
                item=item, member=member, ballot=ballot, acting_user=acting(request)
            )


def _discuss(request: HttpRequest, session: Session) -> None:
    committee.note_discussion(
        item=_item(request, session),
        words=request.POST.get("words", ""),
        acting_user=acting(request),
    )


def _remark(request: HttpRequest, session: Session) -> None:
    words = request.POST.get("words", "")
    committee.note_remarks(session=session, words=words, acting_user=acting(request))


def _declare(request: HttpRequest, session: Session) -> None:
    conflicts.declare(
        application=_item(request, session).application,
        conflicted=True,
        words=request.POST.get("words", ""),
        acting_user=acting(request),
    )
    messages.success(request, _("Noted. The application is no longer shown to you."))


def _settle(request: HttpRequest, item: AgendaItem, form: DecisionForm) -> None:
    committee.settle_item(item=item, acting_user=acting(request), **form.cleaned_data)


_ACTS: Final[Mapping[str, Callable[[HttpRequest, Session], None]]] = {
    "convene": _convene,
    "open": _open,
    "close": _close,
    "sign": _sign,
    "presence": _note_presence,
    "add_member": _add_member,
    "remove_member": _remove_member,
    "pass_the_chair": _pass_the_chair,
    "put_on_agenda": _put_on_agenda,
    "move_up": _move_up,
    "move_down": _move_down,
    "take_off": _take_off,
    "vote": _vote,
    "discuss": _discuss,
    "remark": _remark,
    "declare": _declare,
}


def _context(
    request: HttpRequest, session: Session, refused: DecisionForm | None
) -> dict[str, Any]:
    user = acting(request)
    drives = may_drive(session, user)
    planning = session.state in {SessionState.PLANNED, SessionState.OPEN}
    standings = agenda(session, user)
    files = [standing.item.application for standing in standings]
    scores = aggregates(files, user)
    documents = defaultdict(list)
    for document in Document.objects.visible_to(user).filter(application__in=files).kept():
        documents[document.application_id].append(document)
    readable = set(
        Application.objects.visible_to(user)
        .filter(pk__in=[file.pk for file in files])
        .values_list("pk", flat=True)
    )
    staff = scope_of(user, Action.VIEW, "application").covers(session.site_id)
    return {
        **admin.site.each_context(request),
        "title": str(session),
        "session": session,
        "drives": drives,
        "sits": own_seat(session, user) is not None,
        "planning": planning,
        "sitting": session.state == SessionState.OPEN,
        "chairing": drives and session.state in {SessionState.OPEN, SessionState.CLOSED},
        "writing": drives and session.state != SessionState.SIGNED,
        "signs": session.state == SessionState.CLOSED and session.chair_id == user.pk,
        "members": session.members.select_related("user").order_by("substitute", "id"),
        "items": [
            {
                "readable": standing.item.application_id in readable,
                **_shown(standing, session, user, refused, drives=drives),
                "scores": scores[standing.item.application_id],
                "documents": documents[standing.item.application_id],
                "staff": staff,
            }
            for standing in standings
        ],
        "hidden": session.agenda.count() - len(standings),
        "to_convene": to_convene(session) if drives and session.state == "planned" else [],
        "candidates": candidates(session) if drives and planning else [],
        "ready": ready_files(session, user) if drives and planning else [],
        "ballots": Ballot.choices,
    }


def _shown(
    standing: Standing,
    session: Session,
    user: User,
    refused: DecisionForm | None,
    *,
    drives: bool,
) -> dict[str, Any]:
    voting = session.state == SessionState.OPEN and not standing.settled
    prefix = f"item{standing.item.pk}"
    form = None
    if voting and drives:
        mine = refused is not None and refused.prefix == prefix
        form = refused if mine else DecisionForm(prefix=prefix, initial=_first_choice(standing))
    return {
        "standing": standing,
        "item": standing.item,
        "file": standing.item.application,
        "rows": [
            (row, voting and (drives or row.member.user_id == user.pk)) for row in standing.ballots
        ],
        "votes": any(drives or row.member.user_id == user.pk for row in standing.ballots)
        and voting,
        "counts": [
            (Ballot(ballot).label, count) for ballot, count in standing.result.counts.items()
        ],
        "outcome": Ballot(standing.result.outcome).label if standing.result.outcome else "",
        "form": form,
    }


def _first_choice(standing: Standing) -> dict[str, Any]:
    return {"outcome": standing.result.outcome}
