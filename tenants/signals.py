"""What companies tell to whoever stands above them."""

from django.dispatch import Signal

# keep: Company, duplicate: Company, acting_user. Inside the transaction of the merge.
companies_merged = Signal()

# company (None: many at once), days (core.periods.Period: from the day of the declaration, or of
# the one it replaces where that is earlier), acting_user. Inside the transaction.
declared = Signal()
