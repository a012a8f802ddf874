"""What the codes of the pure rules say to people."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leases.next_act import Next

FLAWS: Final[Mapping[str, str | Promise]] = {
    "nothing_let": _("The lease would let nothing."),
    "outside_term": _("A letting would begin before the term does."),
    "steps": _("The rent steps must cover the letting, without gap or overlap."),
    "no_area": _("A rate per m² needs an area."),
    "one_off_days": _("A one-off item is due on one day."),
    "charge_outside": _("A charge would be due on days that are not let."),
    "discount_outside": _("A discount would lessen the rent of days that are not let."),
    "discounts_overlap": _("Two discounts would lessen the rent of the same days."),
    "discount_of_nothing": _("A discount must be more than 0."),
    "discount_over_rent": _("A discount would be more than the rent."),
    "changes_earlier": _("It would change days before the one it takes effect on."),
}
"""Of `leases.flaws.Flaw`."""

NEXT_ACTS: Final[Mapping[Next, str | Promise]] = {
    Next.AWAIT_START: _("The keys wait for the first day"),
    Next.WRITE_REPORT_IN: _("Write the entry report"),
    Next.WRITE_REPORT_OUT: _("Write the exit report"),
    Next.RENEW: _("Renew from the old end"),
    Next.LOOK_AT_DRAFT: _("Look at the draft amendment"),
    Next.AWAIT_LEAVING: _("In notice: the exit comes next"),
    Next.RETURN_DEPOSIT: _("Return the deposit"),
}
"""Of what is no act with a button of its own name."""
