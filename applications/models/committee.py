"""The committee: when it sits, who sits, on what, how they vote."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from applications.labels import Ballot, SessionState
from applications.models.decisions import Decision
from applications.models.files import Application
from applications.querysets import (
    AgendaItemQuerySet,
    MemberQuerySet,
    SessionQuerySet,
    VoteQuerySet,
)
from core import formats
from core.fields import PERSONAL
from core.history import tracked
from core.stored_files import private_name
from sites.models import Site


@tracked()
class Session(models.Model):
    """A sitting of a site's committee. Written by `services.committee`.

    Signed off by its chair, the session with its members, agenda, votes and minutes is frozen
    (triggers).
    """

    site = models.ForeignKey(Site, models.PROTECT, verbose_name=_("site"))
    held_at = models.DateTimeField(_("date and time"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("chair")
    )
    quorum = models.PositiveSmallIntegerField(
        _("quorum"), default=3, validators=[MinValueValidator(1)]
    )
    state = models.CharField(
        _("state"), max_length=8, choices=SessionState, default=SessionState.PLANNED
    )
    remarks = models.TextField(_("remarks for the minutes"), max_length=20_000, blank=True)
    minutes = models.FileField(_("minutes"), upload_to=private_name, max_length=100, blank=True)
    minutes_sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("signed by"),
    )
    signed_at = models.DateTimeField(_("signed"), null=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("committee session")
        verbose_name_plural = _("committee sessions")
        ordering = ["-held_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(quorum__gte=1), name="applications_session_quorum"),
            models.CheckConstraint(
                condition=~Q(state=SessionState.SIGNED)
                | (Q(signed_at__isnull=False) & ~Q(minutes="") & Q(signed_by=F("chair"))),
                name="applications_session_signed",
            ),
        ]

    def __str__(self) -> str:
        day = timezone.localdate(self.held_at)
        return f"{self.site.code} · {formats.day(day, get_language() or 'fr')}"


@tracked()
class Member(models.Model):
    """Somebody who sits, or a substitute who votes where a member is in conflict or away."""

    session = models.ForeignKey(
        Session, models.CASCADE, related_name="members", verbose_name=_("session")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("member")
    )
    substitute = models.BooleanField(_("substitute"), default=False)
    present = models.BooleanField(_("present"), default=False)
    # Who was written to is told of a change; who was not yet is convened with the next letters.
    convened_at = models.DateTimeField(_("convened"), null=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of the committee")
        verbose_name_plural = _("members of the committee")
        ordering = ["session", "substitute", "id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "user"], name="applications_member_once")
        ]

    def __str__(self) -> str:
        return str(self.user)


@tracked()
class AgendaItem(models.Model):
    """A file before the committee, and the decision that the session came to."""

    session = models.ForeignKey(
        Session, models.CASCADE, related_name="agenda", verbose_name=_("session")
    )
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="agenda_items", verbose_name=_("application")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    discussion = models.TextField(
        _("discussion"), max_length=20_000, blank=True, db_comment=PERSONAL
    )
    decision = models.OneToOneField(
        Decision,
        models.PROTECT,
        null=True,
        related_name="agenda_item",
        verbose_name=_("decision"),
    )

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item of the agenda")
        verbose_name_plural = _("items of the agenda")
        ordering = ["session", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "application"], name="applications_agendaitem_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.session_id} · {self.application_id}"

    @property
    def settled(self) -> bool:
        """Whether its decision stands: one that was taken back is to be taken anew."""
        return self.decision is not None and self.decision.superseded_at is None


@tracked()
class Vote(models.Model):
    """One member's vote on one item."""

    item = models.ForeignKey(
        AgendaItem, models.CASCADE, related_name="votes", verbose_name=_("item of the agenda")
    )
    member = models.ForeignKey(
        Member, models.CASCADE, related_name="votes", verbose_name=_("member")
    )
    ballot = models.CharField(_("vote"), max_length=24, choices=Ballot)
    cast_at = models.DateTimeField(_("vote cast"))

    objects = VoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        ordering = ["item", "id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "member"], name="applications_vote_once")
        ]

    def __str__(self) -> str:
        return f"{self.item_id} · {self.get_ballot_display()}"
