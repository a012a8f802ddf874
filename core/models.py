"""Counters, the message outbox, the log of erasures."""

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import PERSONAL
from core.languages import Language


class Counter(models.Model):
    """The last number given in a series. Only `core.numbering` writes it."""

    scope = models.CharField(_("scope"), max_length=40)
    series = models.CharField(_("series"), max_length=40)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveBigIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = [
            models.UniqueConstraint(fields=["scope", "series", "year"], name="core_counter_series")
        ]

    def __str__(self) -> str:
        return f"{self.scope}/{self.series}/{self.year}: {self.last}"


class MessageState(models.TextChoices):
    TO_SEND = "to_send", _("to send")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    UNCERTAIN = "uncertain", _("uncertain")
    FAILED = "failed", _("failed")
    SUPERSEDED = "superseded", _("superseded")


OPEN_STATES: Final = (
    MessageState.TO_SEND,
    MessageState.SENDING,
    MessageState.UNCERTAIN,
    MessageState.FAILED,
)
"""Of letters that have not left, as far as anybody knows."""


class Message(models.Model):
    """An e-mail waiting to leave, or that left. Only `core.messages` changes its state."""

    to = models.EmailField(_("to"), db_comment=PERSONAL)
    subject = models.CharField(_("subject"), max_length=300, db_comment=PERSONAL)
    body = models.TextField(_("text"), db_comment=PERSONAL)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    # An iCalendar file sent beside the text (`core.calendars`); it names nobody.
    calendar = models.TextField(_("calendar entry"), blank=True)
    # What the letter is about, e.g. "application:12": a newer one supersedes an unsent older one.
    matter = models.CharField(_("matter"), max_length=100, blank=True)
    site_code = models.CharField(_("site"), max_length=8, blank=True)
    # A sign-in code: the text is wiped once it has left, and staff never see it.
    secret = models.BooleanField(_("secret"), default=False)
    state = models.CharField(
        _("state"), max_length=12, choices=MessageState, default=MessageState.TO_SEND
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due"))
    message_id = models.CharField("Message-ID", max_length=120, unique=True)
    # SMTP servers repeat the address that they refuse.
    error = models.TextField(_("last error"), blank=True, db_comment=PERSONAL)
    created_at = models.DateTimeField(_("written"))
    sending_since = models.DateTimeField(_("being sent since"), null=True)
    sent_at = models.DateTimeField(pgettext_lazy("date", "sent"), null=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "to"],
                name="core_message_one_to_send",
                condition=Q(state=MessageState.TO_SEND) & ~Q(matter=""),
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="core_message_to_send",
                condition=Q(state=MessageState.TO_SEND),
            ),
            models.Index(
                fields=["sending_since"],
                name="core_message_sending",
                condition=Q(state=MessageState.SENDING),
            ),
            models.Index(fields=["matter"], name="core_message_matter"),
            models.Index(
                fields=["state", "due_at"],
                name="core_message_open",
                condition=Q(state__in=OPEN_STATES),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"


class Erasure(models.Model):
    """Which personal data was blanked, by whom and why; never what it was. Insert-only."""

    table = models.CharField(_("table"), max_length=63)
    row_id = models.BigIntegerField(_("row"))
    columns = models.JSONField(_("columns"))
    reason = models.CharField(_("reason"), max_length=300)
    # The user's id, not a foreign key: core stands below accounts.
    by_user = models.BigIntegerField(_("by"), null=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.table} {self.row_id}"
