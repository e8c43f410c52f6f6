"""A thing named by its code in a body."""

from typing import Any, TypeVar

from django.db.models import Model
from rest_framework import serializers

Named = TypeVar("Named", bound=Model)


class CodeField(serializers.SlugRelatedField[Named]):
    """A `SlugRelatedField` that calls a code with a NUL invalid: PostgreSQL does not take one even to look for it."""

    def to_internal_value(self, data: Any) -> Named:
        if "\0" in str(data):
            self.fail("invalid")
        return super().to_internal_value(data)
