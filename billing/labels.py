"""What the codes of the pure rules say to people."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.choices import Anomaly

BAND_NAMES: Final[Mapping[str, str | Promise]] = {
    "not_due": pgettext_lazy("account", "not due"),
    "days_1_30": pgettext_lazy("account", "1–30 days past due"),
    "days_31_60": pgettext_lazy("account", "31–60 days past due"),
    "days_61_90": pgettext_lazy("account", "61–90 days past due"),
    "days_over_90": pgettext_lazy("account", "over 90 days past due"),
}
"""Of `billing.ageing.BANDS`."""
REMEDIES: Final[Mapping[str, str | Promise]] = {
    Anomaly.NO_VAT_RULE: _(
        "No VAT rule of the lessor says the rate of what is billed: add it, then look again."
    ),
    Anomaly.NEGATIVE: _(
        "More would be taken back than is left of what was billed: look at the discounts of the"
        " lease, then look again."
    ),
}
"""What to do about the anomalies with which nothing can be issued."""
