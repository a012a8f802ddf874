"""The waiting list of a site, in its order."""

from django.conf import settings
from django.db import models
from django.db.models import Deferrable, F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.models.files import Application
from applications.querysets import PlaceMoveQuerySet, PlaceQuerySet
from core.fields import PERSONAL
from core.history import tracked
from sites.choices import TenantKind
from sites.models import Site


@tracked()
class Place(models.Model):
    """A file's place on its site's waiting list. Written by `services.waiting`."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="places", verbose_name=_("application")
    )
    site = models.ForeignKey(Site, models.PROTECT, verbose_name=_("site"))
    tenant_kind = models.CharField(
        _("kind of tenant"), max_length=16, choices=TenantKind, default=TenantKind.STARTUP
    )
    # From 1, without gaps; empty once the file has left the list.
    rank = models.PositiveIntegerField(_("rank"), null=True)
    entered_at = models.DateTimeField(_("on the list since"))
    left_at = models.DateTimeField(_("left"), null=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place on the waiting list")
        verbose_name_plural = _("places on the waiting list")
        ordering = ["site", F("rank").asc(nulls_last=True), "id"]
        constraints = [
            # Deferred: a move renumbers several places at once.
            models.UniqueConstraint(
                fields=["site", "rank"],
                name="applications_place_rank",
                deferrable=Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["application"],
                name="applications_place_one",
                condition=Q(left_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(rank__isnull=True, left_at__isnull=False)
                | Q(rank__isnull=False, rank__gte=1, left_at__isnull=True),
                name="applications_place_ranked_while_there",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application.reference} · {self.rank or '–'}"


class PlaceMove(models.Model):
    """Why a place changed its rank. Insert-only."""

    place = models.ForeignKey(
        Place, models.PROTECT, related_name="moves", verbose_name=_("place on the waiting list")
    )
    source = models.PositiveIntegerField(pgettext_lazy("rank", "from"), null=True)
    target = models.PositiveIntegerField(pgettext_lazy("rank", "to"), null=True)
    reason = models.TextField(_("reason"), max_length=2000, db_comment=PERSONAL)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    moved_at = models.DateTimeField(_("at"))

    objects = PlaceMoveQuerySet.as_manager()

    class Meta:
        verbose_name = _("move on the waiting list")
        verbose_name_plural = _("moves on the waiting list")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.place_id} {self.source or '–'} → {self.target or '–'}"
