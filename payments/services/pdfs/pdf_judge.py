"""Reads a stranger's PDF in a process of its own, with bounded memory and time: three hundred bytes of cross-references can keep a reader busy for ever.

Run by `payments.services.pdfs.pdfs_apart` alone: `python -m payments.services.pdfs.pdf_judge SECONDS TASK ARGUMENTS < file > answer`, the answer one line of
JSON after one that says it began. Ends with status 3 when the file can't be read; whatever else ends it once it began, the file was to blame too.
"""

import base64
import io
import json
import sys

from pyhanko.pdf_utils.reader import PdfFileReader
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from payments.errors import PaperNotIntact
from payments.services.pdfs.only_signed import only_signed
from payments.services.pdfs.pdf_embedded import embedded_text
from payments.services.pdfs.pdf_signatures import DAMAGED, read_signatures, signers_of
from staff.apart import bound_this_process

MEMORY_BYTES = 768 * 1024 * 1024
UNREADABLE = 3
BEGUN = "begun"


def answer(task: str, argument: str, content: bytes) -> object:
    """What is asked about the file. Raises one of `DAMAGED`, or `PyPdfError`."""
    match task:
        case "look":
            return "/Pages" in PdfFileReader(io.BytesIO(content), strict=False).root
        case "signatures":
            return _signatures(content, roots_file=argument)
        case "signed-list":
            signatures = _signatures(content, roots_file=argument)
            text = embedded_text(content) if signatures else None
            return signatures, None if text is None else base64.b64encode(text).decode()
        case "signers":
            return signers_of(content)
        case "only-signed":
            return only_signed(content[: int(argument)], content)
        case "subject":
            metadata = PdfReader(io.BytesIO(content)).metadata
            return str(metadata.subject or "") if metadata else ""
        case "carried":
            return base64.b64encode(PdfReader(io.BytesIO(content)).attachments.get(argument, [b""])[0]).decode()
        case "text":
            return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    raise NotImplementedError(task)


def _signatures(content: bytes, *, roots_file: str) -> list[dict[str, object]] | None:
    try:
        return read_signatures(content, roots_file=roots_file)
    except PaperNotIntact:
        return None


def main(seconds: int, task: str, argument: str) -> int:
    """Bound this process, read standard input, write the answer; return the status to end with."""
    bound_this_process(memory=MEMORY_BYTES, seconds=seconds)
    print(BEGUN, flush=True)
    try:
        print(json.dumps(answer(task, argument, sys.stdin.buffer.read())))
    except (PyPdfError, *DAMAGED):
        return UNREADABLE
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
