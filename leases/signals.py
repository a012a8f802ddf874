"""What leases tell to whoever stands above them, inside the transaction."""

from django.dispatch import Signal

# lease (None: many at once), days (core.periods.Period whose figures may have changed), acting_user
occupation_changed = Signal()

# When a tenant leaves, as far as anybody knows: a notice was given or withdrawn: lease, days
# (core.periods.Period whose figures may have changed), acting_user
notice_changed = Signal()

# A settlement of a deposit was closed, so that it keeps money: settlement, acting_user
settlement_closed = Signal()

# It was a mistake, what it kept is held again: settlement, reason, acting_user
settlement_taken_back = Signal()

# lease, user, as_of (leases.selectors.as_of.AsOf): the staff's page of the lease is shown;
# receivers return a further panel of it, as its template and what the template takes, or None.
lease_shown = Signal()
