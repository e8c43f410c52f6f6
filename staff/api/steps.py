"""The shape of every step: one thing in reach, one body, one service, and the thing shown as it then stands."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from staff.api.access import actor_of
from staff.api.reading import Nothing, body_of
from staff.api.refusals import WRITE
from staff.models import User
from staff.services.database_clock import database_now

T = TypeVar("T")
Shape = type[Serializer[Any]]


@method_decorator(never_cache, name="dispatch")
class StepView(APIView, Generic[T]):
    """POST on one thing. Its family says how it is found and shown, each address what the step is and which `body` it takes."""

    body: ClassVar[Shape] = Nothing

    def find(self, actor: User, pk: int) -> T:
        """The thing in the actor's reach; raises Http404 for every other."""
        raise NotImplementedError

    def show(self, actor: User, pk: int) -> Response:
        """The thing as it stands now."""
        raise NotImplementedError

    def step(self, item: T, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        """What this address does: one service."""
        raise NotImplementedError

    def post(self, request: Request, **address: int) -> Response:
        """404 outside the scope, 400 for a body that can't be read, 409 where a rule says no."""
        actor = actor_of(request)
        (pk,) = address.values()
        item = self.find(actor, pk)
        self.step(item, body_of(request, self.body), actor=actor, now=database_now())
        return self.show(actor, pk)


def described(
    operation: str, summary: str, *, tags: Sequence[str], row: Shape, examples: Sequence[OpenApiExample] = ()
) -> Callable[[type[Any]], type[Any]]:
    """Describe a step for the API document: what it answers with is `row`, what it takes is the view's own `body`."""

    def describe(view: type[Any]) -> type[Any]:
        schema = extend_schema(
            operation_id=operation,
            tags=tags,
            summary=summary,
            description=view.__doc__,
            request=None if view.body is Nothing else view.body,
            responses={200: row, **WRITE},
            examples=examples,
        )
        return extend_schema_view(post=schema)(view)

    return describe
