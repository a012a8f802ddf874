"""What applications tell to whoever stands above them, inside the transaction."""

from django.dispatch import Signal

# application, offer, acting_user: the company exists; the draft lease is to be made.
offer_accepted = Signal()
# application, reason, acting_user: the applicant no longer comes; a draft lease is to be
# cancelled, and a signed one is a reason to refuse (raise).
lease_unwanted = Signal()
# company, before: asks who knows since when the company is a start-up tenant; receivers return a
# date or None.
first_startup_day_asked = Signal()
# file, user: the staff's page of the file is shown; receivers return a further panel of it, as
# its template and what the template takes, or None.
file_shown = Signal()
