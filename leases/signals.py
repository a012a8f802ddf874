"""What leases tell to whoever stands above them, inside the transaction."""

from django.dispatch import Signal

# lease (None: many at once), days (core.periods.Period whose figures may have changed), acting_user
occupation_changed = Signal()
