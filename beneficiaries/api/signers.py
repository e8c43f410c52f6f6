"""Who signed a decision, as a body says it: name and title. Without it a decision proves nothing, and none is recorded."""

from typing import Any

from rest_framework import serializers

from beneficiaries.linkage.signers import MOST_OF_A_SIGNER
from beneficiaries.services.decisions.rules import SIGNER_A_TITLE, SIGNER_MISSING, objection_to_signer


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


class SignerField(serializers.CharField):
    """Name and title of who signed, as on the paper."""

    default_error_messages = {
        **dict.fromkeys(("required", "blank", "null"), _capital(SIGNER_MISSING)),
        "title": _capital(SIGNER_A_TITLE),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=MOST_OF_A_SIGNER, help_text="họ tên và chức vụ người ký, như trên quyết định", **kwargs
        )

    def to_internal_value(self, data: Any) -> str:
        """A single word or a title alone names nobody; a blank of whatever kind, as a word processor copies it, is one."""
        signer = " ".join(super().to_internal_value(data).split())
        if sentence := objection_to_signer(signer):
            self.fail("title" if sentence == SIGNER_A_TITLE else "required")
        return signer
