"""What billing tells to whoever stands above it, inside the transaction."""

from django.dispatch import Signal

# Invoices or credit notes of a site were issued: site_id, days (core.periods.Period of their
# issue), acting_user
documents_issued = Signal()
