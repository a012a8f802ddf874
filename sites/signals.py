"""What sites tell to whoever stands above them, inside the transaction."""

from django.dispatch import Signal

# The network's file has been loaded: sites may be new.
network_loaded = Signal()

# The area, service or room there is, or a site's opening: days (core.periods.Period whose figures
# may have changed), acting_user
premises_changed = Signal()
