"""Pages of lists: `limit` and `offset`, never without an end, and a typing mistake in them or a filter the list does not have is said."""

from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.views import APIView

from staff.api.query import Query
from staff.api.reading import filters_of, filters_were_read


class Pages(LimitOffsetPagination):
    """Fifty a page, at most two hundred."""

    default_limit = 50
    max_limit = 200

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any] | None:
        """One page. Raises `ValidationError` for a filter of a list that has none: it would answer with everything."""
        if not filters_were_read(request):
            filters_of(request, Query)
        return super().paginate_queryset(queryset, request, view)

    def get_limit(self, request: Request) -> int:
        """Rows a page: 1 to 200. Raises `ValidationError`."""
        return _whole(request, self.limit_query_param, least=1, most=self.max_limit, otherwise=self.default_limit)

    def get_offset(self, request: Request) -> int:
        """Rows to pass over, 0 or more. Raises `ValidationError`."""
        return _whole(request, self.offset_query_param, least=0, most=2**31, otherwise=0)


def _whole(request: Request, name: str, *, least: int, most: int, otherwise: int) -> int:
    given: Any = request.query_params.get(name)
    if given is None:
        return otherwise
    if not given.isascii() or not given.isdigit() or len(given) > 10 or not least <= int(given):
        raise ValidationError({name: f"phải là số nguyên từ {least} trở lên."})
    return min(int(given), most)
