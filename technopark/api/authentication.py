"""Who is calling: a client's token, cut down to its scope."""

from base64 import b64decode
from hmac import compare_digest
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from knox.settings import CONSTANTS
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts.rights import PARTNER
from sites.choices import ClientKind
from sites.models import ClientToken
from sites.scopes import TokenLimits, remember_roles
from sites.selectors import roles_beside, told_roles


class ClientTokenAuthentication(TokenAuthentication):  # type: ignore[misc]
    """`Authorization: Token …`; without a scope row a token only reads.

    One query finds the token, its scope, its user and their roles; a partner's token has the
    rights of its kind instead. An expired token is refused;
    it stays in the list of tokens until somebody revokes it.

    Calendar programs know no headers of ours: a view with `password_is_token` also takes the token
    as the password of any name. It only reads, so a browser that keeps passwords
    can be made to do no harm.
    """

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        password = _password(request)
        if password is not None:
            known: tuple[Any, Any] = self.authenticate_credentials(password)
            return known
        given: tuple[Any, Any] | None = super().authenticate(request)
        return given

    def authenticate_credentials(self, token: bytes) -> tuple[Any, Any]:
        try:
            secret = token.decode("ascii")
        except UnicodeDecodeError as error:
            raise AuthenticationFailed(_("Invalid token.")) from error
        digest = hash_token(secret)
        found = (
            AuthToken.objects.filter(
                Q(expiry__isnull=True) | Q(expiry__gt=timezone.now()),
                token_key=secret[: CONSTANTS.TOKEN_KEY_LENGTH],
                user__is_active=True,
            )
            .select_related("user", "scope")
            .annotate(
                site_ids=ArraySubquery(
                    ClientToken.sites.through.objects.filter(
                        clienttoken__token=OuterRef("pk")
                    ).values("site_id")
                ),
                roles=roles_beside("user_id"),
            )
        )
        for known in found:
            if compare_digest(digest, known.digest):
                scope = getattr(known, "scope", None)
                everywhere = scope is None or scope.every_site
                known.user.token_limits = TokenLimits(
                    None if everywhere else frozenset(known.site_ids),
                    scope.read_only if scope is not None else True,
                )
                partner = scope is not None and scope.kind == ClientKind.PARTNER
                has = ((PARTNER, None),) if partner else told_roles(known.roles)
                remember_roles(known.user, has)
                return known.user, known
        raise AuthenticationFailed(_("Invalid token."))


def _takes_a_password(request: Request) -> bool:
    view = (request.parser_context or {}).get("view")
    return getattr(view, "password_is_token", False) and request.method in SAFE_METHODS


def _password(request: Request) -> bytes | None:
    """The password, as bytes; None when none is given, or here is no place for one."""
    kind, _space, given = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic" or not _takes_a_password(request):
        return None
    try:
        _name, _colon, password = b64decode(given, validate=True).partition(b":")
    except ValueError as error:
        raise AuthenticationFailed(_("Invalid token.")) from error
    return password


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
