"""What becomes of companies that left (suivi des diplômées)."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import PERSONAL
from core.history import tracked
from core.stored_files import private_name
from sites.models import Site
from tenants.choices import Closing, DeclaredStatus, SaidBy
from tenants.models.companies import Company
from tenants.querysets import DeclaredQuerySet, FollowUpQuerySet, MilestoneQuerySet

EARLIEST_DECLARED = dt.date(1990, 1, 1)
"""Declarations speak of no day before it: no hub of the network is so old."""


@tracked()
class FollowUp(models.Model):
    """That a company left its last place in the network, and is asked what became of it.

    Opens and closes by `tenants.services.departures`, which whoever knows the leases calls; one is
    open at a time. It also closes once there is nothing more to ask.
    """

    company = models.ForeignKey(
        Company, models.PROTECT, related_name="follow_ups", verbose_name=_("company")
    )
    # The last one; its staff follow up.
    site = models.ForeignKey(
        Site, models.PROTECT, related_name="follow_ups", verbose_name=_("site")
    )
    left_on = models.DateField(_("last day there"))
    opened_at = models.DateTimeField(pgettext_lazy("follow-up", "opened"), auto_now_add=True)
    closed_at = models.DateTimeField(pgettext_lazy("follow-up", "closed"), null=True, blank=True)
    closing = models.CharField(_("why it closed"), max_length=12, choices=Closing, blank=True)
    # By the yearly letter or by hand; the letter is sent once in each year since `left_on`.
    asked_at = models.DateTimeField(_("last asked"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("last reminded"), null=True, blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["left_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["company"],
                name="tenants_followup_one_open",
                condition=Q(closed_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closing="")
                | Q(closed_at__isnull=False, closing__in=Closing.values),
                name="tenants_followup_closed_says_why",
            ),
        ]

    def __str__(self) -> str:
        return str(self.company)


class Declaration(models.Model):
    """What a company was doing on a day, as it or our staff said. Insert-only but for a merge of
    two companies, which moves it.

    A mistake is put right by a newer one that `replaces` it: what nothing replaces is in force.
    `tenants.services.declarations` is the door.
    """

    company = models.ForeignKey(
        Company, models.PROTECT, related_name="declarations", verbose_name=_("company")
    )
    # Empty: said outside of any follow-up, as of a company that is still there.
    follow_up = models.ForeignKey(
        FollowUp,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="declarations",
        verbose_name=_("follow-up"),
    )
    on = models.DateField(_("day it speaks of"))
    status = models.CharField(_("status"), max_length=8, choices=DeclaredStatus)
    headcount = models.PositiveIntegerField(_("people employed"), null=True, blank=True)  # effectif
    evidence = models.TextField(_("evidence"), max_length=1000, blank=True)  # justificatif
    # A private file beside it, opened only after the rights check.
    file = models.FileField(_("file"), upload_to=private_name, max_length=100, blank=True)
    file_name = models.CharField(_("name"), max_length=200, blank=True, db_comment=PERSONAL)
    media_type = models.CharField(_("kind"), max_length=100, blank=True)
    size = models.PositiveIntegerField(_("size, bytes"), default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    said_by = models.CharField(_("said by"), max_length=8, choices=SaidBy)
    made_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("replaces"),
    )

    objects = DeclaredQuerySet.as_manager()

    class Meta:
        verbose_name = _("declaration")
        verbose_name_plural = _("declarations")
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=DeclaredStatus.values), name="tenants_declaration_status"
            ),
            models.CheckConstraint(
                condition=Q(said_by__in=SaidBy.values), name="tenants_declaration_said_by"
            ),
            models.CheckConstraint(
                condition=Q(on__gte=EARLIEST_DECLARED), name="tenants_declaration_day"
            ),
            models.CheckConstraint(
                condition=Q(file="", sha256="", size=0)
                | ~Q(file="") & ~Q(sha256="") & Q(size__gt=0),
                name="tenants_declaration_file",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("id")),
                name="tenants_declaration_not_its_own_correction",
            ),
        ]
        indexes = [models.Index(fields=["company", "on"], name="tenants_declaration_of")]

    def __str__(self) -> str:
        return f"{self.company_id} · {self.on} · {self.get_status_display()}"


@tracked()
class Milestone(models.Model):
    """A day by which staff should know what became of the company: so many months after it left.

    Done by itself when a declaration tells (`tenants.following.tells`), or by hand.
    """

    follow_up = models.ForeignKey(
        FollowUp, models.CASCADE, related_name="milestones", verbose_name=_("follow-up")
    )
    months = models.PositiveSmallIntegerField(_("months since"))
    due_on = models.DateField(pgettext_lazy("deadline", "due"))
    done_at = models.DateTimeField(pgettext_lazy("date", "done"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    declaration = models.ForeignKey(
        Declaration,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="milestones",
        verbose_name=_("declaration"),
    )

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["follow_up", "months"]
        constraints = [
            models.UniqueConstraint(fields=["follow_up", "months"], name="tenants_milestone_once"),
            models.CheckConstraint(
                condition=Q(declaration__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False),
                name="tenants_milestone_done",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                name="tenants_milestone_open",
                condition=Q(done_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.follow_up_id} · {self.months}"
