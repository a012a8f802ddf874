"""The director gets the monthly report, and had the last one."""

from accounts.choices import Role
from accounts.models import User
from core.periods import ONE_DAY, first_of_month, today
from indicators.services.reporting import send_due
from indicators.services.subscribing import subscribe
from technopark.demo import clock
from technopark.demo.sign_ins import DOMAIN


def report() -> None:
    """Subscribed a month ago; the letter waits with the others of today."""
    director = User.objects.get(email=f"{Role.DIRECTOR}@{DOMAIN}")
    with clock.at(clock.moment(first_of_month(today()) - ONE_DAY, 0)):
        subscribe(site=None, acting_user=director)
    send_due()
