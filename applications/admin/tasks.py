"""Tasks and the checklists that they come from."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rights import Action
from applications.admin.finding import FoundAsTheirFile
from applications.models import Application, Task, TaskTemplate
from applications.selectors.staffing import workers_on
from applications.services import tasks
from core.periods import today
from sites.admin.base import ReadOnlyAdmin, ScopedAdmin
from sites.admin.columns import day_column
from sites.admin.scoping import ALL_BUT_DELETE, acting
from sites.admin.work import WorkForm, WorkPages, work


class AssignForm(WorkForm):
    assignee = forms.ModelChoiceField(
        User.objects.none(), label=pgettext_lazy("person", "for"), required=False
    )
    due_on = forms.DateField(label=pgettext_lazy("deadline", "due"), required=False)

    def __init__(self, *args: Any, file: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["assignee"]
        field.queryset = workers_on(file)


class TaskForm(AssignForm):
    words = forms.CharField(label=_("what is to be done"), max_length=200)
    field_order = ("words", "assignee", "due_on")


class DoneForm(WorkForm):
    note = forms.CharField(label=_("note"), max_length=500, required=False)


class TaskActs(WorkPages):
    """On the file's page."""

    @work(
        _("Add a task"),
        path="add-task",
        right=Action.SCREEN,
        icon="add_task",
        when=lambda file: file.anonymised_at is None,
    )
    def add_task(self, request: HttpRequest, file: Application) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            tasks.add_task(application=file, acting_user=acting(request), **given)
            return gettext("The task is added.")

        return self.work_page(
            request,
            file,
            act=act,
            form_class=TaskForm,
            form_kwargs={"file": file},
            title=_("Add a task"),
            then=f"{self.address_of(file)}#tasks",
        )


class OpenFilter(admin.SimpleListFilter):
    """Mine, everybody's, nobody's; done or not."""

    title = _("to do")
    parameter_name = "todo"

    def lookups(self, _request: HttpRequest, _pages: Any) -> list[tuple[str, Any]]:
        return [("mine", _("mine")), ("open", pgettext_lazy("filter", "open")), ("late", _("late"))]

    def queryset(self, request: HttpRequest, rows: Any) -> Any:
        match self.value():
            case "mine":
                return rows.open().filter(assignee=request.user)
            case "open":
                return rows.open()
            case "late":
                return rows.open().filter(due_on__lt=today())
        return rows


@admin.register(Task)
class TaskAdmin(FoundAsTheirFile, ReadOnlyAdmin):
    """The tasks of all files that one sees; each is done on its own page or on the file's."""

    related = ("application", "template", "assignee", "done_by", "application__site")
    list_display = ("title", "application", "list", "assignee", "due", "done")
    list_filter = (OpenFilter, "list", "application__site")
    search_fields = ("words", "template__title_fr", "template__title_ar", "template__title_en")
    fields = (
        ("application", "list"),
        "title",
        ("assignee", "due"),
        ("done", "done_by"),
        "note",
    )
    readonly_fields = ("title", "due", "done")
    exported = ("application__reference", "list", "title", "due_on", "done_at", "note")
    actions_detail = ("complete", "reopen", "assign")

    due = day_column("due_on", pgettext_lazy("deadline", "due"))
    done = day_column("done_at", pgettext_lazy("date", "done"))

    @admin.display(description=_("task"))
    def title(self, task: Task) -> str:
        return task.title

    @work(
        _("Done"),
        path="complete",
        right=Action.SCREEN,
        icon="check",
        when=lambda task: task.done_at is None,
    )
    def complete(self, request: HttpRequest, task: Task) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            tasks.complete_task(task=task, acting_user=acting(request), **given)
            return gettext("Done.")

        return self._page(request, task, act=act, form_class=DoneForm, title=_("Done"))

    @work(
        _("Not done after all"),
        path="reopen",
        right=Action.SCREEN,
        icon="undo",
        when=lambda task: task.done_at is not None,
    )
    def reopen(self, request: HttpRequest, task: Task) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            tasks.reopen_task(task=task, acting_user=acting(request))
            return gettext("The task is open again.")

        return self._page(request, task, act=act, title=_("Not done after all"))

    @work(_("Give to"), path="assign", right=Action.SCREEN, icon="person_add")
    def assign(self, request: HttpRequest, task: Task) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            tasks.assign_task(task=task, acting_user=acting(request), **given)
            return gettext("The task is given.")

        return self._page(
            request,
            task,
            act=act,
            form_class=AssignForm,
            form_kwargs={"file": task.application},
            initial={"assignee": task.assignee_id, "due_on": task.due_on},
            title=_("Give to"),
        )

    def _page(self, request: HttpRequest, task: Task, **given: Any) -> HttpResponse:
        """Back to the file: a task is seen among the others."""
        return self.work_page(
            request,
            task,
            submit=given["title"],
            then=f"{self.address_of(task.application)}#tasks",
            **given,
        )


@admin.register(TaskTemplate)
class TaskTemplateAdmin(ScopedAdmin):
    """A site's own lines, and the network's, which every site has too."""

    offered = ALL_BUT_DELETE
    related = ("site",)
    list_display = ("title", "list", "site", "position", "days", "for_applicant", "retired")
    list_filter = ("list", "site", "retired")
    search_fields = ("title_fr", "title_ar", "title_en")
    fields = (
        ("site", "list", "position"),
        "title_fr",
        "title_ar",
        "title_en",
        ("days", "for_applicant", "retired"),
    )
    exported = ("site__code", "list", "position", "title_fr", "title_ar", "title_en", "days",
                "for_applicant", "retired")  # fmt: skip

    @admin.display(description=_("title"), ordering="title_fr")
    def title(self, line: TaskTemplate) -> str:
        return line.title
