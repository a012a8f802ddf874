"""What sites tell to whoever stands above them, inside the transaction."""

from django.dispatch import Signal

# The network's file has been loaded: sites may be new.
network_loaded = Signal()

# The area, service or room there is, or a site's opening: site_id (None: several), days
# (core.periods.Period whose figures may have changed), acting_user
premises_changed = Signal()

# Which spaces are held for somebody: site_id, days (core.periods.Period on which somebody may have
# said so), acting_user
holds_changed = Signal()

# What a rate plan offers: tenant_kinds (those it was and is offered to), days
# (core.periods.Period whose list prices may have changed), acting_user
prices_changed = Signal()

# Walls moved: old spaces (none of them locked yet), new spaces, since (the first day of the new
# ones), acting_user. Who has the old ones goes on in the new ones.
spaces_replaced = Signal()
