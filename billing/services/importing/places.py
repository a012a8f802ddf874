"""Where a row of a file belongs: a site that bills here, and for which the user may import."""

import datetime as dt

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from billing.errors.runs import BillingNotSet
from billing.models import MonthClosing, SiteBilling
from core.imports import Cells
from sites.models import Site
from sites.permissions import require_somewhere
from sites.scopes import Scope, scope_of
from sites.services.importing import Sites


class Places:
    """Raises NotAllowed when the user may import nothing of this anywhere."""

    def __init__(self, acting_user: User | None, resource: str) -> None:
        require_somewhere(acting_user, Action.IMPORT, resource)
        self._scope = Scope(True)
        if acting_user is not None:
            self._scope = scope_of(acting_user, Action.IMPORT, resource)
        self._sites = Sites()
        self._starts = dict(SiteBilling.objects.values_list("site", "starts_on"))
        self._closed = set(MonthClosing.objects.closed().values_list("lessor", "month"))

    def find(self, cells: Cells, column: str) -> Site | None:
        name = cells.text(column, required=True)
        site = self._sites.find(name)
        if site is not None:
            return self.checked(cells, column, site)
        if name:
            cells.wrong(column, self._sites.unknown(name))
        return None

    def checked(self, cells: Cells, column: str, site: Site) -> Site | None:
        if not self._scope.covers(site.pk):
            cells.wrong(column, _("You may not import for %(site)s.") % {"site": site.code})
            return None
        if site.pk not in self._starts:
            cells.wrong(column, BillingNotSet(site=site.code).message)
            return None
        return site

    def starts_on(self, site: Site) -> dt.date:
        """The first day that is billed here."""
        return self._starts[site.pk]

    def check_open(self, cells: Cells, column: str, site: Site, day: dt.date) -> None:
        """Nothing is dated into a closed month (triggers hold it too)."""
        if (site.lessor_id, day.replace(day=1)) in self._closed:
            reason = _("The month %(month)s is closed: reopen it first.")
            cells.wrong(column, reason % {"month": f"{day:%Y-%m}"})
