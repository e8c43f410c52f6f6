"""The signed paper of a decision: a PDF or a photograph, kept sealed. What it is is read from its first bytes, not from its name."""

import hashlib
import hmac
from datetime import datetime

from django.conf import settings

from beneficiaries.errors import PaperUnreadable
from beneficiaries.models import DecisionPaper
from staff.encryption import seal
from staff.models import User
from staff.services.photographs import without_place

PURPOSE = "decision-paper"
MAX_BYTES = 10 * 1024 * 1024
BEGINNINGS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


def keep_paper(*, content: bytes, actor: User, now: datetime) -> DecisionPaper:
    """Seal and keep the paper; the same bytes are the same paper. Raises `PaperUnreadable` for anything but PDF, JPEG, PNG up to 10 MB."""
    media_type = next((kind for start, kind in BEGINNINGS.items() if content.startswith(start)), None)
    if media_type is None or len(content) > MAX_BYTES:
        raise PaperUnreadable
    content = without_place(content)
    digest = hmac.digest(settings.DATA_KEYS.digest, content, hashlib.sha256)
    paper, _ = DecisionPaper.objects.get_or_create(
        digest=digest,
        defaults={
            "media_type": media_type,
            "sealed": seal(content, purpose=PURPOSE),
            "received_by": actor,
            "received_at": now,
        },
    )
    return paper
