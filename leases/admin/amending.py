"""Amending a lease: choose what changes, say how, look at the draft on its own page."""

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
from leases.admin.change_forms import CHANGES, ChangeForm
from leases.admin.comparing import in_words
from leases.models import Lease
from leases.selectors.comparing import compared
from leases.services.amendments import AMENDABLE, check_change, draft_amendment
from sites.admin.scoping import acting
from sites.admin.work import WorkPages, refuse, work

_HINT: Final = _("Nothing changes until the amendment is signed.")
_TEMPLATE: Final = "leases/admin/what_if.html"


class Amending(WorkPages):
    """To stand before the lease's admin class: the button « Amend », with what would come of it."""

    @work(
        _("Amend"),
        path="amend",
        right=Action.CHANGE,
        icon="edit_document",
        when=lambda lease: lease.state in AMENDABLE,
    )
    def amend(self, request: HttpRequest, lease: Lease) -> HttpResponse:
        what = request.GET.get("what", "")
        if what not in CHANGES:
            return TemplateResponse(
                request,
                "leases/admin/amend.html",
                {
                    **self.admin_site.each_context(request),
                    "title": _("Amend"),
                    "subtitle": str(lease),
                    "changes": [(name, title) for name, (title, _form) in CHANGES.items()],
                    "opts": self.opts,
                    "original": lease,
                    "back": self.address_of(lease),
                },
            )
        title, form_class = CHANGES[what]
        if request.method == "POST" and "compare" in request.POST:
            return self._compare(request, lease, title, form_class)
        made: list[int] = []

        def act(given: dict[str, Any]) -> str:
            form = form_class(lease=lease, user=request.user)
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

        return self.work_page(
            request,
            lease,
            act=act,
            form_class=form_class,
            form_kwargs={"lease": lease, "user": request.user},
            title=title,
            submit=_("Draft the amendment"),
            hint=_HINT,
            template=_TEMPLATE,
            then=lambda: reverse("admin:leases_amendment_change", args=[made[0]]),
        )

    def _compare(
        self,
        request: HttpRequest,
        lease: Lease,
        title: str | Promise,
        form_class: type[ChangeForm],
    ) -> HttpResponse:
        """What the change would bring beside what is; nothing is written. What was typed stays in
        the form, whose other button drafts it."""
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
            submit=_("Draft the amendment"),
            hint=_HINT,
            template=_TEMPLATE,
            context=context,
        )
