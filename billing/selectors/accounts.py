"""The chart of a lessor: which account bears what."""

from collections.abc import Mapping

from billing.booking import ACCOUNTS
from billing.choices import LedgerKey
from billing.models import LedgerAccount


def accounts_of(lessor_id: int) -> Mapping[LedgerKey, str]:
    """The lessor's own, the usual ones where it has none."""
    own = LedgerAccount.objects.filter(lessor=lessor_id).values_list("key", "code")
    return {**ACCOUNTS, **{LedgerKey(key): code for key, code in own}}
