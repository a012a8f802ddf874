"""Who is calling: a client's token, cut down to its scope."""

from typing import Any

from django.http import HttpRequest
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication

from sites.models import ClientToken
from sites.scopes import TokenLimits


class ClientTokenAuthentication(TokenAuthentication):  # type: ignore[misc]
    """`Authorization: Token …`; without a scope row a token only reads."""

    def authenticate(self, request: HttpRequest) -> Any:
        result = super().authenticate(request)
        if result is None:
            return None
        user, token = result
        scope = ClientToken.objects.filter(token=token).prefetch_related("sites").first()
        if scope is None:
            user.token_limits = TokenLimits(site_ids=None, read_only=True)
        else:
            site_ids = frozenset(site.pk for site in scope.sites.all())
            user.token_limits = TokenLimits(site_ids or None, scope.read_only)
        return user, token


class ClientTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = ClientTokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token ` followed by the token.",
        }
