"""The OpenAPI document: what every operation may answer besides its success."""

from typing import Any, Final, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from sites.api.base import PublicView
from sites.api.writing import KEY_HEADER
from technopark.api.problems import CONTENT_TYPE

_EVERYWHERE: Final = ("400", "404", "405", "406", "429", "503")
_WITH_TOKEN: Final = ("401", "403")
_WRITING: Final = ("409", "413", "415", "422")
_VERBS: Final = {"POST": "create", "PUT": "put", "PATCH": "change", "DELETE": "delete"}


_KEY: Final = OpenApiParameter(
    KEY_HEADER,
    str,
    OpenApiParameter.HEADER,
    pattern="^[!-~]{1,100}$",
    description="1 to 100 visible ASCII characters; the same request again under the same key "
    "within a day gets the first answer and does nothing.",
)


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
        if direction == "request":
            return bodies  # of a webhook: its receiver answers, not we
        codes: tuple[str, ...] = _EVERYWHERE + getattr(self.view, "also_refused", ())
        if not isinstance(self.view, PublicView):
            codes += _WITH_TOKEN
        if self.method in _VERBS:
            codes += _WRITING
        if self.method == "PUT":
            codes += ("428",)
        for code in codes:
            bodies.setdefault(
                code,
                self._get_response_for_code(  # type: ignore[no-untyped-call]
                    ProblemSerializer, code, [CONTENT_TYPE]
                ),
            )
        return dict(sorted(bodies.items()))

    def get_override_parameters(self) -> list[Any]:
        """The key of every request whose work is done once."""
        given: list[Any] = super().get_override_parameters()
        handler = getattr(self.view, self.method.lower(), None)
        if getattr(handler, "once", False):
            given = [*given, _KEY]
        return given

    def _resolve_path_parameters(self, variables: list[str]) -> list[dict[str, Any]]:
        """A word of an address is one: it ends at a slash."""
        found: list[dict[str, Any]] = super()._resolve_path_parameters(variables)  # type: ignore[no-untyped-call]
        for parameter in found:
            if parameter["schema"] == {"type": "string"}:
                parameter["schema"] = {"type": "string", "pattern": "^[^/]+$"}
        return found

    def _is_list_view(self, serializer: Any = None) -> bool:
        return self.method == "GET" and bool(getattr(self.view, "many", False))

    def get_operation_id(self) -> str:
        """`spaces_list`, `spaces_retrieve`, `applications_start_screening`: short, and stable for
        clients."""
        words = [word for word in self.path.removeprefix("/api/v1/").split("/") if word]
        named = [word for word in words if not word.startswith("{")]
        if self.method == "POST" and len(words) > len(named):
            return "_".join(named).replace("-", "_")  # an act on a row
        verb = _VERBS.get(self.method) or ("list" if self._is_list_view() else "retrieve")
        return "_".join([*named, verb]).replace("-", "_")
