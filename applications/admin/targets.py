"""How long staff give themselves for each stage."""

from django.contrib import admin

from accounts.rights import Action
from applications.models import StageTarget
from sites.admin.base import ScopedAdmin
from sites.admin.scoping import ALL_BUT_DELETE


@admin.register(StageTarget)
class StageTargetAdmin(ScopedAdmin):
    """A site's own targets, and the network's for sites without one."""

    offered = ALL_BUT_DELETE | {Action.DELETE}
    related = ("site",)
    list_display = ("stage", "site", "days")
    list_filter = ("site", "stage")
    fields = ("site", "stage", "days")
    exported = ("site__code", "stage", "days")
