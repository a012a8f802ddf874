"""The staff pages of what belongs to no site: letters, number series, erasures, the timetable."""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from accounts.rights import Action
from applications.models import Application
from applications.selectors.letters import messages_open_to
from core.messages import send_again
from core.models import Counter, Erasure, Message, MessageState
from sites.admin.base import ReadOnlyAdmin, ScopedAdmin
from sites.admin.columns import state
from sites.admin.scoping import ALL_BUT_DELETE
from sites.admin.work import work

BADGES: Final[Mapping[str, str]] = {
    MessageState.SENT: "success",
    MessageState.SENDING: "info",
    MessageState.UNCERTAIN: "warning",
    MessageState.FAILED: "danger",
}


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """The outbox. A sign-in code is never shown."""

    list_display = ("created_at", "to", "subject", "standing", "site_code", "attempts", "sent_at")
    list_filter = ("state", "language", "site_code")
    search_fields = ("to", "subject", "matter")
    exported = ("created_at", "to", "subject", "state", "matter", "site_code", "attempts",
                "sent_at", "error")  # fmt: skip
    fields = (
        ("to", "standing"),
        "subject",
        "text",
        ("matter", "site_code", "language"),
        ("created_at", "due_at", "sent_at", "attempts"),
        "error",
    )
    readonly_fields = ("standing", "text")
    actions_detail = ("again",)

    def rows(self, request: HttpRequest, action: Action = Action.VIEW) -> QuerySet[Message]:
        return messages_open_to(request.user, action)

    standing = state(BADGES)

    @admin.display(description=_("text"))
    def text(self, message: Message) -> str:
        return gettext("(a secret code)") if message.secret else message.body

    @work(
        _("Send again"),
        path="send-again",
        right=Action.CHANGE,
        icon="send",
        when=lambda message: (
            not message.secret and message.state in {MessageState.FAILED, MessageState.UNCERTAIN}
        ),
    )
    def again(self, request: HttpRequest, message: Message) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            send_again(message=message)
            self.log_change(request, message, "send again")
            return gettext("The letter leaves once more.")

        return self.work_page(
            request,
            message,
            act=act,
            title=_("Send again"),
            submit=_("Send again"),
            hint=_("It may have arrived the first time: ask before you send it twice."),
        )


class NetworkAdmin(ScopedAdmin):
    """Rows of apps that know no rights."""

    network_only = True

    def rows(self, request: HttpRequest, action: Action = Action.VIEW) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.all()
        return rows if self.allows(request, action) else rows.none()


@admin.register(Counter)
class CounterAdmin(NetworkAdmin, ReadOnlyAdmin):
    list_display = ("scope", "series", "year", "last")
    list_filter = ("series", "year")
    search_fields = ("scope", "series")
    ordering = ("scope", "series", "-year")


@admin.register(Erasure)
class ErasureAdmin(NetworkAdmin, ReadOnlyAdmin):
    list_display = ("at", "table", "row_id", "reason", "by_user", "what")
    list_filter = ("table",)
    search_fields = ("table", "reason")

    @admin.display(description=_("application"))
    def what(self, erasure: Erasure) -> str:
        """Of a file: the link to what is left of it."""
        if erasure.table != Application._meta.db_table:
            return ""
        page = reverse("admin:applications_application_change", args=[erasure.row_id])
        return format_html('<a class="staff-link" href="{}">{}</a>', page, erasure.row_id)


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(NetworkAdmin):
    """When each job runs. The jobs themselves are code: none is added or removed here."""

    offered = frozenset({Action.VIEW, Action.CHANGE, Action.EXPORT})
    related = ("interval", "crontab")
    list_display = ("name", "enabled", "scheduler", "last_run_at")
    list_filter = ("enabled",)
    search_fields = ("name", "task")
    fields = (("name", "task"), "enabled", ("interval", "crontab"), "last_run_at", "description")
    readonly_fields = ("name", "task", "last_run_at")


@admin.register(IntervalSchedule)
class IntervalScheduleAdmin(NetworkAdmin):
    offered = ALL_BUT_DELETE
    list_display = ("every", "period")
    search_fields = ("every", "period")


@admin.register(CrontabSchedule)
class CrontabScheduleAdmin(NetworkAdmin):
    offered = ALL_BUT_DELETE
    list_display = ("human_readable", "minute", "hour", "day_of_week", "day_of_month")
    search_fields = ("minute", "hour")
