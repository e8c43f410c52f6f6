"""What may stand behind the question mark of an address: a filter with a typing mistake must not answer with everything."""

from typing import Any

from rest_framework import serializers

PAGING = {"limit", "offset", "format"}


class Query(serializers.Serializer[Any]):
    """Filters by name, each of which may be left out; a name that is no filter is refused. Values as the fields read them."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Raises `ValidationError` for names that are neither a filter nor the paging's."""
        unknown = sorted(set(data) - set(self.fields) - PAGING)
        if unknown:
            known = ", ".join(self.fields) or "không có"
            raise serializers.ValidationError(
                {name: [f"không phải là tiêu chí lọc; tiêu chí có: {known}."] for name in unknown}
            )
        values: dict[str, Any] = super().to_internal_value(data)
        return values
