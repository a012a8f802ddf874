"""What the acts on a file share: when a step can be taken, the form that asks why, the page."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rights import Action
from applications.models import Application
from applications.workflow import TRANSITIONS, State, Step
from sites.admin.scoping import acting
from sites.admin.work import WorkForm, WorkPages, work

Service = Callable[..., Any]
"""A service that takes `application`, `acting_user` and what its form asks."""


class ReasonForm(WorkForm):
    reason = forms.CharField(
        label=_("reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )


def can_step(step: Step) -> Callable[[Any], bool]:
    """Whether the workflow has the step from the state the file is in."""
    return lambda file: (
        file.anonymised_at is None and State(file.state) in TRANSITIONS[step].sources
    )


def step_page(
    step: Step,
    service: Service,
    *,
    title: str | Promise,
    done: str | Promise,
    icon: str,
    form_class: type[forms.Form] = WorkForm,
    hint: str | Promise = "",
    warn: Callable[[Application], str] = lambda _file: "",
    when: Callable[[Any], bool] = lambda _file: True,
    right: Action | None = None,
) -> Callable[..., HttpResponse]:
    """The working page of a step whose service wants no more than its form asks.

    To stand in the body of an admin class; the button shows where the workflow has the step.
    `at_once` says of a file whether there is nothing to ask and nothing to warn of.
    """
    possible = can_step(step)

    def page(self: WorkPages, request: HttpRequest, file: Application) -> HttpResponse:
        user: User = acting(request)

        def act(given: dict[str, Any]) -> str | Promise:
            service(application=file, acting_user=user, **given)
            return done

        return self.work_page(
            request,
            file,
            act=act,
            form_class=form_class,
            title=title,
            submit=title,
            hint=hint or warn(file),
        )

    page.__name__ = step.value
    made: Any = work(
        title,
        path=step.value.replace("_", "-"),
        right=right or TRANSITIONS[step].right,
        icon=icon,
        when=lambda file: possible(file) and when(file),
    )(page)
    made.at_once = lambda file: form_class is WorkForm and not hint and not warn(file)
    shown: Callable[..., HttpResponse] = made
    return shown
