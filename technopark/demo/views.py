"""The demo's page: who can sign in and how, and the letters it would have sent."""

import time
from typing import Final

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from technopark.demo.mailbox import letters
from technopark.demo.sign_ins import DEMO_PARTNER_TOKEN, DEMO_PASSWORD, DEMO_TOTP_SECRET, sign_ins

STEP: Final = 30
"""Seconds that a code of the second factor is good for."""


@never_cache
@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """Routed on embedded services only: nothing here may exist where people really work."""
    now = int(time.time())
    context = {
        "sign_ins": [
            {"email": email, "role": role.label, "site": code} for email, role, code in sign_ins()
        ],
        "password": DEMO_PASSWORD,
        "secret": DEMO_TOTP_SECRET,
        "code": format_hotp_value(hotp_value(DEMO_TOTP_SECRET, now // STEP)),
        "seconds_left": STEP - now % STEP,
        "partner_token": DEMO_PARTNER_TOKEN,
        "letters": letters(),
    }
    return render(request, "demo/demo.html", context)
