"""How a message leaves: one Protocol; the default writes sealed files, for the demo and for development."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from django.conf import settings

from staff.encryption import seal

SEALED_AS = "notice-outbox"


class ChannelError(Exception):
    """The message may or may not have left: it is offered again under the same key."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent. `key`: the same for every attempt, by which the channel knows a repetition; `sms` without marks, at most 160 letters."""

    key: str
    phone: str = field(repr=False)
    sms: str = field(repr=False)


class Channel(Protocol):
    """A provider of messages. `send` is idempotent by `Message.key`; raises `ChannelError` when nobody knows whether it left."""

    def send(self, message: Message) -> None: ...


class FileOutbox:
    """One sealed file per message; the same key twice is one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: Message) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = self.folder / f"{message.key}.sealed"
        sealed = seal(f"{message.phone}\n{message.sms}".encode(), purpose=SEALED_AS)
        try:
            descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return
        except OSError as error:
            raise ChannelError(type(error).__name__) from error
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(sealed)


def the_channel() -> Channel | None:
    """The channel settings name; None where none is set up: then notices wait in their table."""
    return FileOutbox(Path(settings.NOTICE_OUTBOX)) if settings.NOTICE_OUTBOX else None
