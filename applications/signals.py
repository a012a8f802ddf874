"""What applications tell to whoever stands above them, inside the transaction."""

from django.dispatch import Signal

# application, offer, acting_user: the company exists; the draft lease is to be made.
offer_accepted = Signal()
# company, before: asks who knows since when the company is a start-up tenant; receivers return a
# date or None.
first_startup_day_asked = Signal()
