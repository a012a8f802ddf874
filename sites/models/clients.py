"""What programs outside are told, and what they were answered."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.history import tracked, tracked_link
from sites.models.memberships import ClientToken
from sites.models.places import Site
from sites.querysets import (
    IdempotentReplyQuerySet,
    WebhookAttemptQuerySet,
    WebhookDeliveryQuerySet,
    WebhookEndpointQuerySet,
)


@tracked()
class WebhookEndpoint(models.Model):
    """An address outside that is told what happens, by signed POST requests.

    The signing secret is derived from the settings' SECRET_KEY, the row and its generation: it is
    in no table, and a new generation makes the old one void. Written by `sites.services.webhooks`.
    """

    name = models.CharField(_("name"), max_length=100)
    url = models.URLField(_("address"), max_length=500)
    # "application.offered" and the like; empty: everything.
    topics = ArrayField(
        models.CharField(max_length=60),
        verbose_name=_("events"),
        default=list,
        blank=True,
        help_text=_("Empty: all of them."),
    )
    # Said, not read from an empty list: a site that goes must not send it all the others' events.
    every_site = models.BooleanField(_("events of all sites"), default=False)
    sites = models.ManyToManyField(Site, blank=True, verbose_name=_("sites"))
    active = models.BooleanField(_("active"), default=True)
    allow_private = models.BooleanField(
        _("private addresses allowed"),
        default=False,
        help_text=_("Only for a receiver inside the hub's own network."),
    )
    generation = models.PositiveSmallIntegerField(
        _("number of the secret"), default=1, editable=False
    )

    objects = WebhookEndpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@tracked_link
class WebhookEndpointSite(WebhookEndpoint.sites.through):  # type: ignore[name-defined,misc]
    class Meta:
        proxy = True
        verbose_name = _("site")


class DeliveryState(models.TextChoices):
    TO_SEND = "to_send", _("to send")
    SENT = "sent", _("delivered")
    FAILED = "failed", _("given up")


class WebhookDelivery(models.Model):
    """One event on its way to one endpoint. Written by `sites.services.webhooks`."""

    endpoint = models.ForeignKey(
        WebhookEndpoint, models.CASCADE, related_name="deliveries", verbose_name=_("webhook")
    )
    event = models.CharField(_("event"), max_length=60)
    # The receiver knows by it that a request came twice.
    event_id = models.UUIDField(_("event's id"))
    payload = models.JSONField(_("content"))
    state = models.CharField(
        _("state"), max_length=8, choices=DeliveryState, default=DeliveryState.TO_SEND
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("since"))
    due_at = models.DateTimeField(_("due"))
    sent_at = models.DateTimeField(pgettext_lazy("date", "delivered"), null=True)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery of a webhook")
        verbose_name_plural = _("deliveries of webhooks")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "event_id"], name="sites_webhookdelivery_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="sites_webhookdelivery_to_send",
                condition=Q(state=DeliveryState.TO_SEND),
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.endpoint_id}"


class WebhookAttempt(models.Model):
    """What came of one request. Insert-only."""

    delivery = models.ForeignKey(
        WebhookDelivery, models.CASCADE, related_name="log", verbose_name=_("delivery")
    )
    at = models.DateTimeField(_("at"))
    # HTTP; none: no answer came.
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True)
    milliseconds = models.PositiveIntegerField(_("milliseconds"))
    answer = models.CharField(_("answer"), max_length=500, blank=True)

    objects = WebhookAttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["delivery", "id"]

    def __str__(self) -> str:
        return f"{self.delivery_id} · {self.status or '–'}"


class IdempotentReply(models.Model):
    """What a client's request was answered, so that the same request again gets the same answer
    and does nothing. Kept for a day. Written by `sites.services.idempotency`.
    """

    token = models.ForeignKey(
        ClientToken, models.CASCADE, related_name="+", verbose_name=_("client token")
    )
    key = models.CharField(_("key"), max_length=100)
    # SHA-256 of method, path and body: the same key for another request is refused.
    request = models.CharField(_("request"), max_length=64)
    status = models.PositiveSmallIntegerField(_("HTTP status"))
    # None: an answer without a body.
    body = models.JSONField(_("answer"), null=True)
    at = models.DateTimeField(_("at"))

    objects = IdempotentReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("idempotent reply")
        verbose_name_plural = _("idempotent replies")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["token", "key"], name="sites_idempotentreply_once")
        ]
        indexes = [models.Index(fields=["at"], name="sites_idempotentreply_at")]

    def __str__(self) -> str:
        return self.key
