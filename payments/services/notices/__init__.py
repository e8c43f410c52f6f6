"""Tell beneficiaries what became of their money: once per payment and kind, after it is certain, without a link or a number."""

from payments.services.notices.channel import Channel, ChannelError, FileOutbox, the_channel
from payments.services.notices.queue import queue_notices
from payments.services.notices.send import send_notices

__all__ = ["Channel", "ChannelError", "FileOutbox", "queue_notices", "send_notices", "the_channel"]
