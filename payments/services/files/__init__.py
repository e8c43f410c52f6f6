"""Paying through files: build, upload, and learn from the bank's reports. One module per step, `send_files` runs them all."""

from payments.services.files.send import SentFiles, send_files

__all__ = ["SentFiles", "send_files"]
