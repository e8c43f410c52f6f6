"""Write a snapshot out: PDF, Word, workbook and JSON of the same numbers."""

import json
from pathlib import Path

from reconciliation.models import ReportSnapshot
from reconciliation.reports.docx import render_docx
from reconciliation.reports.pdf import render_pdf
from reconciliation.reports.workbook import render_workbook


def write_report(*, snapshot: ReportSnapshot, folder: Path) -> list[Path]:
    """Write `bao-cao-…` as .pdf, .docx, .xlsx and .json into `folder` (made if missing) and return the paths in that order.

    Names hold unit, last day and the start of the digest, so that the report of another snapshot never overwrites this one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"bao-cao-{snapshot.figures['unit']['code']}-{snapshot.to_on.isoformat()}-{snapshot.digest[:12]}"
    contents = {
        ".pdf": render_pdf(snapshot=snapshot),
        ".docx": render_docx(snapshot=snapshot),
        ".xlsx": render_workbook(snapshot=snapshot),
        ".json": snapshot_json(snapshot).encode(),
    }
    paths = [folder / f"{stem}{suffix}" for suffix in contents]
    for path, content in zip(paths, contents.values(), strict=True):
        path.write_bytes(content)
    return paths


def snapshot_json(snapshot: ReportSnapshot) -> str:
    """The snapshot as a document: digest, whether it ties out, when it was taken, and the figures the digest covers."""
    document = {
        "digest": snapshot.digest,
        "seal_digest": snapshot.seal_digest,
        "seal_check": snapshot.seal_checked_at
        and {"checked_at": snapshot.seal_checked_at.isoformat(), "findings": snapshot.seal_findings},
        "ties_out": snapshot.ties_out,
        "created_at": snapshot.created_at.isoformat(),
        "figures": snapshot.figures,
    }
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
