"""Pages of lists: `limit` and `offset`, never without an end."""

from rest_framework.pagination import LimitOffsetPagination


class Pages(LimitOffsetPagination):
    """Fifty a page, at most two hundred."""

    default_limit = 50
    max_limit = 200
