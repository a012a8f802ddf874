"""Working pages: one act of a member of staff on one row, in a form, through one service.

    @work(_("Measure again"), path="measure", right=Action.CHANGE, icon="straighten")
    def measure_again(self, request, space):
        return self.work_page(request, space, form_class=MeasureForm, act=…)

The button shows on the row's page to whoever may press it; the page asks the same again.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action as unfold_action

from accounts.rights import Action
from core.errors import DomainError
from sites.admin.scoping import ScopedRows
from sites.admin.widgets import dress
from sites.scopes import scope_of

Act = Callable[[dict[str, Any]], str | Promise]
"""Calls the service with the form's cleaned data; returns what to tell the user."""

Text = str | Promise

SAVE: Final = _("Save")


def work(
    title: Text,
    *,
    path: str,
    right: Action,
    icon: str = "",
    when: Callable[[Any], bool] = lambda _row: True,
    resource: str = "",
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A page of acting on one row; name the method in `actions_detail`.

    The method gets the row itself. `right` is asked for at the row's site, on the row's own line of
    the table of rights or on that of `resource`; `when` hides the button where the row's state
    forbids the act (the service refuses it in any case).
    """

    def decorator(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(page)
        def checked(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
            if not _may(self, request, made):
                raise PermissionDenied
            row = self.get_object(request, unquote(object_id))
            if row is None:
                gone: HttpResponse = self._get_obj_does_not_exist_redirect(
                    request, self.opts, object_id
                )
                return gone
            if not _may(self, request, made, row):
                raise PermissionDenied
            return page(self, request, row)

        made: Any = unfold_action(description=title, url_path=path, icon=icon or None)(checked)
        made.right, made.when, made.resource = right, when, resource
        shown: Callable[..., HttpResponse] = made
        return shown

    return decorator


def _may(pages: Any, request: HttpRequest, page: Any, row: Any = None) -> bool:
    """Whether the user may open the page of the row; without one: of some row."""
    if not page.resource:
        return bool(pages.allows(request, page.right, row))
    scope = scope_of(request.user, page.right, page.resource)
    return bool(scope) if row is None else scope.covers(row.site_id)


class WorkForm(forms.Form):
    """A form of a working page, in the staff site's dress."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dress()

    def dress(self) -> None:
        """Again, after fields were added."""
        for field in self.fields.values():
            dress(field)


class WorkPages(ScopedRows):
    """Shows the buttons of a row's working pages, and serves the pages."""

    def _filter_unfold_actions_by_permissions(
        self, request: HttpRequest, actions: Any, object_id: Any = None
    ) -> list[Any]:
        shown: list[Any] = super()._filter_unfold_actions_by_permissions(  # type: ignore[misc]
            request, actions, object_id
        )
        rights = [entry for entry in shown if hasattr(entry.method, "right")]
        if not rights or object_id is None:
            return shown
        pages: Any = self
        row = pages.get_object(request, unquote(str(object_id)))
        return [
            entry
            for entry in shown
            if entry not in rights
            or (
                row is not None
                and _may(self, request, entry.method, row)
                and entry.method.when(row)
            )
        ]

    def work_page(
        self,
        request: HttpRequest,
        row: models.Model,
        *,
        act: Act,
        form_class: type[forms.Form] = WorkForm,
        title: Text,
        submit: Text = SAVE,
        hint: Text = "",
        template: str = "sites/admin/work.html",
        initial: dict[str, Any] | None = None,
        form_kwargs: dict[str, Any] | None = None,
        context: dict[str, Any] | None = None,
        then: str | Callable[[], str] | None = None,
    ) -> HttpResponse:
        """Ask with the form, act through the service, say what was done, go back to the row, or to
        `then`, which is asked once it is done where the act makes the place to go to.

        A refusal (DomainError, ValidationError) is shown at its field; nothing typed is lost.
        """
        posted = request.method == "POST"
        form = form_class(
            request.POST if posted else None,
            request.FILES if posted else None,
            initial=initial,
            **(form_kwargs or {}),
        )
        if posted and form.is_valid():
            try:
                done = act(form.cleaned_data)
            except (DomainError, ValidationError) as refusal:
                refuse(form, refusal)
            else:
                messages.success(request, str(done))
                return redirect((then() if callable(then) else then) or self.address_of(row))
        return self.asked_page(
            request,
            row,
            form,
            title=title,
            submit=submit,
            hint=hint,
            template=template,
            context=context,
        )

    def asked_page(
        self,
        request: HttpRequest,
        row: models.Model,
        form: forms.BaseForm,
        *,
        title: Text,
        submit: Text = SAVE,
        hint: Text = "",
        template: str = "sites/admin/work.html",
        context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form of a working page, as it stands."""
        return TemplateResponse(
            request,
            template,
            {
                **self.admin_site.each_context(request),
                "title": title,
                "subtitle": str(row),
                "submit_text": submit,
                "hint": hint,
                "form": form,
                "opts": self.opts,
                "original": row,
                "back": self.address_of(row),
                **(context or {}),
            },
        )

    def address_of(self, row: models.Model) -> str:
        opts = row._meta
        return reverse(
            f"{self.admin_site.name}:{opts.app_label}_{opts.model_name}_change",
            args=(quote(row.pk),),
        )


def refuse(form: forms.BaseForm, refusal: DomainError | ValidationError) -> None:
    """Put a refusal where it belongs: at its field if the form has it, else above the form."""
    if isinstance(refusal, DomainError):
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, refusal.message)
        return
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        shown = name in form.fields and name != NON_FIELD_ERRORS
        form.add_error(name if shown else None, errors)
