"""Amending a lease: choose what changes, say how, look at the draft on its own page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from core.errors import DomainError
from leases.admin.change_forms import BESIDE_AN_OFFER, CHANGES, DRAFT_CHANGES, ChangeForm
from leases.admin.comparing import in_words
from leases.choices import LeaseState
from leases.models import Lease
from leases.selectors.comparing import compared
from leases.services.amendments import AMENDABLE, check_change, draft_amendment
from leases.services.drafts import change_draft
from sites.admin.scoping import acting
from sites.admin.work import WorkPages, refuse, work

_TEMPLATE: Final = "leases/admin/what_if.html"


@dataclass(frozen=True, slots=True)
class Way:
    """How a change is written: as an amendment, or into a draft."""

    title: str | Promise
    changes: Sequence[str]
    submit: str | Promise
    hint: str | Promise


class Amending(WorkPages):
    """To stand before the lease's admin class: the button « Amend », with what would come of it; of
    a draft « Change the draft »."""

    @work(
        _("Amend"),
        path="amend",
        right=Action.CHANGE,
        icon="edit_document",
        when=lambda lease: lease.state in AMENDABLE,
    )
    def amend(self, request: HttpRequest, lease: Lease) -> HttpResponse:
        made: list[int] = []

        def act(form: ChangeForm, given: dict[str, Any]) -> str:
            draft = draft_amendment(
                lease=lease,
                kind=form.kind,
                effective_on=form.effective_on(given),
                after=form.after(given),
                reason=given["reason"],
                acting_user=acting(request),
            )
            made.append(draft.pk)
            return gettext("Drafted: look at what it changes, then sign it or drop it.")

        return self._changed(
            request,
            lease,
            Way(
                _("Amend"),
                list(CHANGES),
                _("Draft the amendment"),
                _("Nothing changes until the amendment is signed."),
            ),
            act,
            then=lambda: reverse("admin:leases_amendment_change", args=[made[0]]),
        )

    @work(
        _("Change the draft"),
        path="change-draft",
        right=Action.CHANGE,
        icon="edit_document",
        when=lambda lease: lease.state == LeaseState.DRAFT,
    )
    def change_draft(self, request: HttpRequest, lease: Lease) -> HttpResponse:
        def act(form: ChangeForm, given: dict[str, Any]) -> str:
            change_draft(
                lease=lease,
                after=form.after(given),
                reason=given["reason"],
                acting_user=acting(request),
            )
            return gettext("The draft is changed.")

        offered = lease.application_id is not None
        return self._changed(
            request,
            lease,
            Way(
                _("Change the draft"),
                BESIDE_AN_OFFER if offered else DRAFT_CHANGES,
                _("Change the draft"),
                _("Nothing is booked, and nothing holds, until the lease is signed."),
            ),
            act,
        )

    def _changed(
        self,
        request: HttpRequest,
        lease: Lease,
        way: Way,
        act: Callable[[ChangeForm, dict[str, Any]], str],
        then: Callable[[], str] | None = None,
    ) -> HttpResponse:
        """Choose what changes, then say how: compare, or write it."""
        what = request.GET.get("what", "")
        if what not in way.changes:
            return TemplateResponse(
                request,
                "leases/admin/amend.html",
                {
                    **self.admin_site.each_context(request),
                    "title": way.title,
                    "subtitle": str(lease),
                    "changes": [(name, CHANGES[name][0]) for name in way.changes],
                    "opts": self.opts,
                    "original": lease,
                    "back": self.address_of(lease),
                },
            )
        title, form_class = CHANGES[what]
        if request.method == "POST" and "compare" in request.POST:
            return self._compare(request, lease, title, form_class, way)
        return self.work_page(
            request,
            lease,
            act=lambda given: act(form_class(lease=lease, user=request.user), given),
            form_class=form_class,
            form_kwargs={"lease": lease, "user": request.user},
            title=title,
            submit=way.submit,
            hint=way.hint,
            template=_TEMPLATE,
            then=then,
        )

    def _compare(
        self,
        request: HttpRequest,
        lease: Lease,
        title: str | Promise,
        form_class: type[ChangeForm],
        way: Way,
    ) -> HttpResponse:
        """What the change would bring beside what is; nothing is written. What was typed stays in
        the form, whose other button writes it."""
        typed = request.POST.copy()
        if not typed.get("reason", "").strip():
            typed["reason"] = str(title)
        form = form_class(typed, lease=lease, user=request.user)
        context: dict[str, Any] = {}
        if form.is_valid():
            given = form.cleaned_data
            try:
                since, after = form.effective_on(given), form.after(given)
                check_change(lease, form.terms, after, since)
            except (DomainError, ValidationError) as refusal:
                refuse(form, refusal)
            else:
                found = compared(lease, form.terms, after, since)
                context = {"compared": found, "shown": in_words(found, request.user)}
        return self.asked_page(
            request,
            lease,
            form,
            title=title,
            submit=way.submit,
            hint=way.hint,
            template=_TEMPLATE,
            context=context,
        )
