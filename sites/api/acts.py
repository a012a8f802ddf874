"""`POST …/{row}/{act}/`: the acts on a kind of rows, as one table.

A row of the table names what the act wants to be told and the service that does it, the same that
the staff's page calls: role, site and state are checked there. The answer is the row as it stands
then.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from sites.api.base import Resource, Row
from sites.api.writing import once, read

Given = dict[str, Any]
Body = type[serializers.Serializer[Any]]


@dataclass(frozen=True, slots=True)
class Act:
    """`service` takes the row, the user and what the body says."""

    name: str
    does: str
    service: Callable[[Any, User, Given], Any]
    body: Body


class AnyAct(Protocol):
    """An act that may say more of itself."""

    @property
    def name(self) -> str: ...
    @property
    def does(self) -> str: ...
    @property
    def service(self) -> Callable[[Any, User, Given], Any]: ...
    @property
    def body(self) -> Body: ...


@dataclass(frozen=True, slots=True)
class Acts:
    """Of one kind of rows: `find` gives the visible row of a key or raises Http404, `show` what it
    looks like in full, as `answer`. `prefix` makes the names of the views, in the OpenAPI document
    too, its own."""

    resource: str
    answer: Body
    find: Callable[[Any, Any], Any]
    show: Callable[[Any, Any], Row]
    prefix: str = ""

    def view(self, act: AnyAct) -> type[Resource]:
        """The view of one act, with a place of its own in the OpenAPI document."""

        @extend_schema(
            description=act.does,
            request=act.body if act.body().fields else None,
            responses=self.answer,
        )
        @once
        def post(_view: Resource, request: Request, **address: Any) -> Response:
            (key,) = address.values()
            user: Any = request.user
            act.service(self.find(user, key), user, read(request, act.body))
            return Response(self.show(user, key))

        words = "".join(word.title() for word in act.name.split("-"))
        return type(
            f"{self.prefix}{words}View",
            (Resource,),
            {"resource": self.resource, "post": post, "__doc__": act.does},
        )
