"""The shape of every list: one page of the rows in the actor's reach, kept by nobody on the way."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from staff.api.pages import Pages

M = TypeVar("M", bound=Model)


@method_decorator(never_cache, name="dispatch")
class ListView(GenericAPIView[M]):
    """A subclass says who may see it, the `serializer_class` of a row, and in `get` which rows, in an order that does not change."""

    pagination_class = Pages
    serializer_class: type[Serializer[Any]]

    def page_of(self, rows: QuerySet[M] | Sequence[Any], **context: Any) -> Response:
        """The page that was asked for; `context` is what a row has to know about its reader."""
        page = self.paginate_queryset(rows) or []  # an empty page; without `Pages` there would be none
        return self.get_paginated_response(self.serializer_class(page, many=True, context=context).data)
