"""What companies tell to whoever stands above them."""

from django.dispatch import Signal

# keep: Company, duplicate: Company, acting_user. Inside the transaction of the merge.
companies_merged = Signal()
