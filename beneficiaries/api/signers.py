"""Who signed a decision, as a body says it: name and title. Without it a decision proves nothing, and none is recorded."""

from typing import Any

from rest_framework import serializers

from beneficiaries.services.decisions.rules import SIGNER_MISSING, names_a_signer

MOST = 100
_SENTENCE = SIGNER_MISSING[:1].upper() + SIGNER_MISSING[1:]


class SignerField(serializers.CharField):
    """Name and title of who signed, as on the paper."""

    default_error_messages = {"required": _SENTENCE, "blank": _SENTENCE, "null": _SENTENCE}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MOST, help_text="họ tên và chức vụ người ký, như trên quyết định", **kwargs)

    def to_internal_value(self, data: Any) -> str:
        """A single word is no name with a title; a blank of whatever kind, as a word processor copies it, is one."""
        signer = " ".join(super().to_internal_value(data).split())
        if not names_a_signer(signer):
            self.fail("required")
        return signer
