"""A space through time, opened from the plan; and holding it by hand, for longer, no more."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.rights import Action
from core.errors import DomainError
from core.forms import DayFormField, PeriodFormField
from core.periods import Period, today
from leases.selectors.calendar import entry_of
from leases.selectors.space_story import Story, story
from leases.services.holds import hold_space, prolong_hold, release_hold
from leases.views.looked_at import day_asked, space_asked
from sites.admin.scoping import acting
from sites.admin.work import WorkForm
from sites.models import Booking, Space
from sites.permissions import can
from sites.scopes import scope_of


def _held_until() -> DayFormField:
    return DayFormField(
        label=_("held until"), help_text=_("After this day the space is free again by itself.")
    )


class HoldForm(WorkForm):
    period = PeriodFormField(label=_("days to hold"))
    held_until = _held_until()
    reason = forms.CharField(label=_("for whom, or why"), max_length=200)


class ProlongForm(WorkForm):
    held_until = _held_until()


def space_page(request: HttpRequest, pk: int) -> HttpResponse:
    """`?on=`: whose the space is on the day, and what it went through; inside the plan, a panel."""
    space = space_asked(request.user, pk)
    day, problem = day_asked(request.GET.get("on"))
    found = story(space, day, request.user)
    context = {
        "title": _("Space %(code)s") % {"code": space.code},
        "space": space,
        "day": day,
        "problem": problem,
        "story": found,
        "there": found.there_on(day),
        "taken": found.taken_on(day),
        "free": found.may_be_let_on(day),
        "free_until": found.free_until(day),
        "area": found.area_on(day),
        "acts": _acts(request, found, day),
        "plan": f"{reverse('admin:stacking_plan')}?building={space.building_id}&on={day}",
        "may_release": bool(can(request.user, Action.BOOK, "space", space.site_id)),
    }
    htmx: Any = request.htmx  # type: ignore[attr-defined]
    if not htmx:
        context |= admin.site.each_context(request)
    template = "leases/staff/space_panel.html" if htmx else "leases/staff/space.html"
    answer = TemplateResponse(request, template, context)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def hold_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for the days, until when and for whom."""
    space = space_asked(request.user, pk)
    if not can(request.user, Action.BOOK, "space", space.site_id):
        raise PermissionDenied
    day, _problem = day_asked(request.GET.get("on"))
    first = max(day, today())
    last = story(space, first, request.user).free_until(first)
    here = f"{reverse('admin:space_story', args=[pk])}?on={day.isoformat()}"

    def act(given: dict[str, Any]) -> str:
        hold_space(space=space, acting_user=acting(request), **given)
        return gettext("The space is held.")

    pages: Any = admin.site.get_model_admin(Space)
    held: HttpResponse = pages.work_page(
        request,
        space,
        act=act,
        form_class=HoldForm,
        title=_("Hold the space"),
        submit=_("Hold the space"),
        hint=_("Nobody else can have it on these days while the hold lasts."),
        initial={"period": Period.through(first, last)},
        context={"back": here},
        then=here,
    )
    return held


def prolong_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A hold that staff made lasts until another day."""
    booking = _booking_asked(request.user, pk)
    here = reverse("admin:space_story", args=[booking.space_id])

    def act(given: dict[str, Any]) -> str:
        prolong_hold(booking=booking, acting_user=acting(request), **given)
        return gettext("The space is held.")

    pages: Any = admin.site.get_model_admin(Space)
    held: HttpResponse = pages.work_page(
        request,
        booking.space,
        act=act,
        form_class=ProlongForm,
        title=_("Prolong the hold"),
        submit=_("Prolong the hold"),
        initial={"held_until": entry_of(booking, request.user).held_until},
        context={"back": here},
        then=here,
    )
    return held


@require_POST
def release_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A hold that staff made is given up."""
    booking = _booking_asked(request.user, pk)
    try:
        release_hold(booking=booking, acting_user=acting(request))
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, gettext("The space is free again."))
    return redirect("admin:space_story", pk=booking.space_id)


def _booking_asked(user: Any, pk: int) -> Booking:
    """For somebody who may book there. Raises PermissionDenied, Http404."""
    if not scope_of(user, Action.VIEW, "space"):
        raise PermissionDenied
    rows = Booking.objects.visible_to(user).select_related("space")
    booking = rows.filter(pk=pk).first()
    if booking is None:
        raise Http404
    if not can(user, Action.BOOK, "space", booking.space.site_id):
        raise PermissionDenied
    return booking


def _acts(request: HttpRequest, found: Story, day: Any) -> list[tuple[str, Any]]:
    """Address and title of what may be done with a space that is free on the day."""
    space = found.space
    first = max(day, today())
    if not found.may_be_let_on(first):
        return []
    acts = []
    if can(request.user, Action.ADD, "lease", space.site_id):
        given = {"site": space.site_id, "first_day": first.isoformat(), "spaces": space.pk}
        address = f"{reverse('admin:leases_lease_add')}?{urlencode(given)}"
        acts.append((address, _("Draft a lease")))
    if can(request.user, Action.BOOK, "space", space.site_id):
        address = f"{reverse('admin:hold_space', args=[space.pk])}?on={first.isoformat()}"
        acts.append((address, _("Hold the space")))
    return acts
