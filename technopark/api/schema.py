"""The OpenAPI document: what every operation may answer besides its success."""

from typing import Any, Final, Literal

from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from sites.api.base import PublicView
from technopark.api.problems import CONTENT_TYPE

_EVERYWHERE: Final = ("400", "404", "405", "406", "429")
_WITH_TOKEN: Final = ("401", "403")


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457, with the domain's own code."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    errors = serializers.JSONField(required=False)  # type: ignore[assignment]
    data = serializers.JSONField(required=False)  # type: ignore[assignment]


class Schema(AutoSchema):
    """drf-spectacular's, told our problems."""

    def _get_response_bodies(
        self, direction: Literal["request", "response"] = "response"
    ) -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        codes = _EVERYWHERE if isinstance(self.view, PublicView) else _EVERYWHERE + _WITH_TOKEN
        for code in codes:
            bodies.setdefault(
                code,
                self._get_response_for_code(  # type: ignore[no-untyped-call]
                    ProblemSerializer, code, [CONTENT_TYPE]
                ),
            )
        return dict(sorted(bodies.items()))

    def _is_list_view(self, serializer: Any = None) -> bool:
        return bool(getattr(self.view, "many", False))

    def get_operation_id(self) -> str:
        """`spaces_list`, `spaces_retrieve`, `public_spaces_list`: short, and stable for clients."""
        words = [word for word in self.path.removeprefix("/api/v1/").split("/") if word]
        named = [word for word in words if not word.startswith("{")]
        verb = "list" if self._is_list_view() else "retrieve"
        return "_".join([*named, verb]).replace("-", "_")
