"""`manage.py rent_run --month 2026-11 [--site CODE] [--issue] [--json]`: runs from the shell."""

import datetime as dt
import json
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from billing.choices import ItemState, RunState
from billing.models import RentRun, SiteBilling
from billing.selectors.totals import failures, totals
from billing.services.issuing import issue, start_issuing
from billing.services.runs import compute, draft_run, look_again
from core.errors import DomainError


class Command(BaseCommand):
    help = "Computes what a month's run would issue; with --issue, issues it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--month", required=True, type=_month, metavar="YYYY-MM")
        parser.add_argument("--site", metavar="CODE", help="default: every site that bills")
        parser.add_argument("--issue", action="store_true", help="issue what the preview shows")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = SiteBilling.objects.select_related("site").order_by("site__code")
        if options["site"]:
            rows = rows.filter(site__code=options["site"])
        if not rows:
            raise CommandError(_("No such site bills here: set its billing start first."))
        told = [_ran(settings, options["month"], issued=options["issue"]) for settings in rows]
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            for one in told:
                self._print(one)
        if any(one.get("refused") or one.get("failures") for one in told):
            raise CommandError(_("Not everything could be billed: see above."), returncode=2)

    def _print(self, one: dict[str, Any]) -> None:
        if "refused" in one:
            self.stdout.write(f"{one['site']}  {one['refused']}")
            return
        self.stdout.write(f"{one['site']}  {one['month']}  {one['state']}")
        for state, sums in one["leases"].items():
            if sums["count"]:
                self.stdout.write(
                    f"    {state:10} {sums['count']:6}  {sums['net']:>14}  {sums['vat']:>14}"
                )
        for failure in one["failures"]:
            self.stdout.write(f"    {failure['lease']}  {failure['why']}")


def _ran(settings: SiteBilling, month: dt.date, *, issued: bool) -> dict[str, Any]:
    try:
        run = _computed(settings, month)
        if issued:
            run = issue(start_issuing(run=run, acting_user=None))
    except DomainError as error:
        return {"site": settings.site.code, "refused": error.message, "code": error.code}
    return _told(run)


def _computed(settings: SiteBilling, month: dt.date) -> RentRun:
    """A run of the month that is open is looked at again: the command may be repeated. One that is
    being issued, and was killed perhaps, goes on as it is."""
    run = RentRun.objects.open().filter(site=settings.site, month=month).first()
    if run is None:
        run = draft_run(site=settings.site, month=month, acting_user=None)
    elif run.state in {RunState.DRAFT, RunState.PAUSED}:
        run = look_again(run=run, acting_user=None)
    return compute(run)


def _told(run: RentRun) -> dict[str, Any]:
    sums = totals(run)
    billed = [sums[state] for state in (ItemState.PROPOSED, ItemState.ISSUED)]
    return {
        "site": run.site.code,
        "month": f"{run.month:%Y-%m}",
        "state": run.state,
        "leases": {
            state.value: {"count": one.leases, "net": f"{one.net:f}", "vat": f"{one.vat:f}"}
            for state, one in sums.items()
        },
        "net": f"{sum(one.net for one in billed):f}",
        "vat": f"{sum(one.vat for one in billed):f}",
        "documents": run.invoices.count(),
        "failures": [
            {"lease": item.lease.number, "state": item.state, "why": item.note}
            for item in failures(run)
        ],
    }


def _month(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a month: write it as 2026-11.") from error
