"""Webhooks: where events go, with which secret, what became of each delivery."""

import json
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from sites.admin.base import ReadOnlyAdmin, ScopedAdmin, ScopedTabular, StaffForm
from sites.admin.columns import state
from sites.admin.people import WITH_DELETE
from sites.admin.scoping import READ_ONLY, acting
from sites.admin.work import work
from sites.models import (
    DeliveryState,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEndpointSite,
)
from sites.services import webhooks

BADGES: Final[Mapping[str, str]] = {
    DeliveryState.SENT: "success",
    DeliveryState.TO_SEND: "info",
    DeliveryState.FAILED: "danger",
}


class EndpointForm(StaffForm):
    topics = forms.MultipleChoiceField(
        label=_("events"),
        required=False,
        choices=webhooks.known_events,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Empty: all of them."),
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if bool(cleaned.get("sites")) == bool(cleaned.get("every_site")):
            self.add_error("sites", _("Choose sites, or tick all of them."))
        return cleaned


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ScopedAdmin):
    """The secret is derived, never stored; only who may change an endpoint sees it."""

    form = EndpointForm
    offered = WITH_DELETE
    network_only = True
    list_display = ("name", "url", "active", "every_site", "allow_private")
    list_filter = ("active", "sites")
    search_fields = ("name", "url")
    fieldsets = (
        (None, {"fields": ("name", "url", ("active", "allow_private"))}),
        (_("What it is told"), {"fields": ("every_site", "sites", "topics")}),
    )
    readonly_fields = ("secret", "generation", "deliveries")
    autocomplete_fields = ("sites",)
    exported = ("name", "url", "topics", "active", "every_site", "allow_private")
    history_with = ((WebhookEndpointSite, "webhookendpoint_id"),)
    actions_detail = ("send_test", "renew_secret")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return self.fieldsets
        secret = ("secret",) if self.has_change_permission(request, obj) else ()
        signing = {"fields": (*secret, "generation", "deliveries")}
        return (*self.fieldsets, (_("Signature"), signing))

    @admin.display(description=_("secret"))
    def secret(self, endpoint: WebhookEndpoint) -> str:
        return format_html(
            '<code class="staff-secret" dir="ltr">{}</code>', webhooks.secret_of(endpoint)
        )

    @admin.display(description=_("deliveries"))
    def deliveries(self, endpoint: WebhookEndpoint) -> str:
        listed = reverse(f"{self.admin_site.name}:sites_webhookdelivery_changelist")
        return format_html(
            '<a class="staff-link" href="{}?endpoint__id__exact={}">{}</a>',
            listed,
            endpoint.pk,
            gettext("What was sent, and what came of it"),
        )

    def save_model(
        self, request: HttpRequest, obj: WebhookEndpoint, form: Any, change: bool
    ) -> None:
        webhooks.keep_endpoint(endpoint=obj, acting_user=acting(request))

    @work(
        _("Send a test"),
        path="send-test",
        right=Action.CHANGE,
        icon="send",
        when=lambda endpoint: endpoint.active,
    )
    def send_test(self, request: HttpRequest, endpoint: WebhookEndpoint) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            webhooks.send_test(endpoint=endpoint, acting_user=acting(request))
            return gettext("The test is on its way: see what came of it under the deliveries.")

        return self.work_page(
            request,
            endpoint,
            act=act,
            title=_("Send a test"),
            submit=_("Send a test"),
            hint=_("The receiver gets an event that tells nothing, signed like all others."),
        )

    @work(_("New secret"), path="new-secret", right=Action.CHANGE, icon="key")
    def renew_secret(self, request: HttpRequest, endpoint: WebhookEndpoint) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            webhooks.renew_secret(endpoint=endpoint, acting_user=acting(request))
            return gettext("From now on the new secret signs. Give it to the receiver.")

        return self.work_page(
            request,
            endpoint,
            act=act,
            title=_("New secret"),
            submit=_("New secret"),
            hint=_("The old secret ends at once: the receiver refuses what it cannot check."),
        )


class Attempts(ScopedTabular):
    model = WebhookAttempt
    offered = READ_ONLY
    fields = ("at", "status", "milliseconds", "answer")
    readonly_fields = fields


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    """The log of what left, each attempt with its answer."""

    network_only = True
    related = ("endpoint",)
    list_display = ("created_at", "event", "endpoint", "standing", "attempts", "sent_at")
    list_filter = ("state", "endpoint", "event")
    search_fields = ("event", "payload")
    fields = (
        ("event", "endpoint"),
        ("standing", "attempts"),
        ("created_at", "due_at", "sent_at"),
        "event_id",
        "content",
    )
    readonly_fields = ("standing", "content")
    exported = ("created_at", "endpoint__name", "event", "event_id", "state", "attempts", "sent_at")
    inlines = (Attempts,)
    actions_detail = ("again",)

    standing = state(BADGES)

    @admin.display(description=_("content"))
    def content(self, delivery: WebhookDelivery) -> str:
        return format_html(
            '<pre class="staff-code" dir="ltr">{}</pre>',
            json.dumps(delivery.payload, ensure_ascii=False, indent=2),
        )

    @work(
        _("Send again"),
        path="send-again",
        right=Action.CHANGE,
        icon="send",
        when=lambda delivery: delivery.state != DeliveryState.TO_SEND,
    )
    def again(self, request: HttpRequest, delivery: WebhookDelivery) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            webhooks.send_again(delivery=delivery, acting_user=acting(request))
            return gettext("It leaves once more.")

        return self.work_page(
            request,
            delivery,
            act=act,
            title=_("Send again"),
            submit=_("Send again"),
            hint=_("The receiver knows by the event's id whether it had it before."),
        )
