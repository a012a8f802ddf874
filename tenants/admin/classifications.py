"""The words companies are sorted by."""

from django.contrib import admin

from accounts.rights import Action
from sites.admin.base import ScopedAdmin
from sites.admin.scoping import ALL_BUT_DELETE
from tenants.models import Sector, Technology


@admin.register(Sector, Technology)
class ClassificationAdmin(ScopedAdmin):
    offered = ALL_BUT_DELETE | {Action.DELETE}
    list_display = ("code", "name_fr", "name_ar", "name_en")
    search_fields = ("code", "name_fr", "name_ar", "name_en")
