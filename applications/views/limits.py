"""How much one network, one address or one person may ask for in a while."""

import hashlib

from django.http import HttpRequest

from core.limits import ByNetwork, Limit


class AddressThrottle(ByNetwork):
    """Applications begun, and their links asked for again, from one network address; corrections
    of a refused form do not count."""

    scope = "apply"


class UploadThrottle(ByNetwork):
    """Requests with files from one address: a draft is open to people we do not know yet."""

    scope = "upload"


class EmailThrottle(Limit):
    """The same with one e-mail address, from wherever: each sends it a letter."""

    scope = "apply_email"

    def get_cache_key(self, request: HttpRequest, view: object) -> str:
        address = request.POST.get("email", "").strip().lower()
        return f"throttle:apply_email:{hashlib.sha256(address.encode()).hexdigest()}"


class InviteThrottle(Limit):
    """Letters that one person has sent to others, over all of their applications."""

    scope = "invite"

    def get_cache_key(self, request: HttpRequest, view: object) -> str:
        return f"throttle:invite:{request.user.pk}"
