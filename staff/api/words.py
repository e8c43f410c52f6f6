"""A field for what people say in their own words: kept, listed and sent on, so that no number of a person or account may stand in it (I14)."""

from typing import Any

from rest_framework import serializers

from staff.services.free_text import without_numbers


class Words(serializers.CharField):
    """Text of which numbers of people and accounts are cut to their last three digits before anybody keeps it."""

    def to_internal_value(self, data: Any) -> str:
        """As typed, without such numbers."""
        return without_numbers(super().to_internal_value(data))
