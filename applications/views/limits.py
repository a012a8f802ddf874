"""How much one network, one address or one person may ask for in a while."""

import hashlib

from django.http import HttpRequest

from core.limits import Limit
from core.middleware import client_address


class _ByNetwork(Limit):
    def get_cache_key(self, request: HttpRequest, view: object) -> str:
        return f"throttle:{self.scope}:{client_address(request)}"


class AddressThrottle(_ByNetwork):
    """Applications begun, and their links asked for again, from one network address; corrections
    of a refused form do not count."""

    scope = "apply"


class UploadThrottle(_ByNetwork):
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


def allowed(request: HttpRequest, *limits: type[Limit]) -> bool:
    """Whether all of them have room; each counts, whichever is too much: the answer does not tell
    which, nor what is known of an address."""
    room = [limit().allow_request(request, None) for limit in limits]
    return all(room)
