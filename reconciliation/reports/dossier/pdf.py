"""A dossier as one PDF/A-3: the index with page numbers, every piece with a bookmark, lines and signed papers embedded."""

from datetime import UTC
from html import escape

from reconciliation.reports.dossier.piece import Dossier, Piece
from reconciliation.reports.rolls.pdf import ROLL_CSS, head_html, roll_html
from reconciliation.reports.rolls.roll_csv import roll_csv
from reconciliation.reports.sentences import capitalised
from staff.printing import Embedded, archive_pdf
from staff.time_zone import VIETNAM

_CSS = """
h1, h2 { bookmark-level: none; }
.piece { bookmark-level: 1; bookmark-label: attr(title); break-before: page; }
.part { bookmark-level: 2; bookmark-label: attr(title); }
.part + .part { break-before: page; }
.nothing { text-align: center; margin-top: 30mm; font-size: 13pt; }
table.index { width: 100%; border-collapse: collapse; font-size: 10.5pt; margin-top: 2mm; }
table.index th, table.index td { border: 0.5pt solid #000; padding: 0.7mm 1.6mm; text-align: left; vertical-align: top; }
table.index th { background: #ececec; text-align: center; }
table.index .n { text-align: right; white-space: nowrap; }
table.index tr { break-inside: avoid; }
table.index a { color: #000; text-decoration: none; }
table.index a::after { content: target-counter(attr(href), page); }
.missing { font-weight: bold; }
"""


def render_dossier(dossier: Dossier) -> bytes:
    """The PDF. The same pieces give the same bytes."""
    lines = [
        Embedded(f"{roll.name}.csv", roll.title, roll_csv(roll), dossier.made_at)
        for piece in dossier.pieces
        for roll in piece.rolls
        if roll.cells
    ]
    return archive_pdf(
        _html(dossier), identifier=bytes.fromhex(dossier.digest), files=[*lines, *dossier.files], accessible=False
    )


def _html(dossier: Dossier) -> str:
    created = dossier.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    title = f"Hồ sơ chi trả tháng {dossier.month.month} năm {dossier.month.year} – {dossier.unit.name}"
    body = "".join(_piece(nth, piece) for nth, piece in enumerate(dossier.pieces, start=1))
    return (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="author" content="UBND {escape(dossier.unit.name)}"><meta name="description" content="Mã số liệu {dossier.digest}">'
        f'<meta name="dcterms.created" content="{created}"><meta name="dcterms.modified" content="{created}">'
        f'<style>{ROLL_CSS}{_CSS}</style></head><body><div class="footer">{escape(title)} · Mã số liệu {dossier.digest[:12]}</div>'
        f"{_index(dossier)}{body}</body></html>"
    )


def _index(dossier: Dossier) -> str:
    rows = "".join(_index_row(nth, piece) for nth, piece in enumerate(dossier.pieces, start=1))
    files = "".join(f"<li>{escape(each.description)}: {escape(each.name)}</li>" for each in dossier.files)
    attached = (
        f"<p>Bản đã ký đính kèm trong tệp này, giữ nguyên từng byte để chữ ký số còn hiệu lực (mở ở mục tệp đính kèm):</p><ul>{files}</ul>"
        if files
        else ""
    )
    count = len(dossier.missing)
    told = f"Còn thiếu {count} thành phần, nêu tại cột Tình trạng." if count else "Đủ các thành phần."
    made = dossier.made_at.astimezone(VIETNAM)
    return (
        f"{head_html(f'UBND {dossier.unit.name}')}"
        f"<h1>HỒ SƠ CHI TRẢ THÁNG {dossier.month.month} NĂM {dossier.month.year}</h1>"
        f'<p class="below">{escape(capitalised(dossier.unit.name))} · lập lúc {made:%H:%M ngày %d/%m/%Y} · {told}</p>'
        '<table class="index"><thead><tr><th>STT</th><th>Thành phần hồ sơ</th><th>Số dòng</th><th>Trang</th><th>Tình trạng</th></tr></thead>'
        f'<tbody>{rows}</tbody></table><div class="end">{attached}</div>'
    )


def _index_row(nth: int, piece: Piece) -> str:
    lines = sum(len(roll.cells) for roll in piece.rolls)
    said = "<br>".join(f'<span class="missing">Thiếu: {escape(sentence)}</span>' for sentence in piece.missing)
    state = said or ("Có" if lines else escape(piece.empty))
    link = f'<a href="#p{nth}"></a>'
    return f'<tr><td class="n">{nth}</td><td>{escape(piece.title)}</td><td class="n">{lines}</td><td class="n">{link}</td><td>{state}</td></tr>'


def _piece(nth: int, piece: Piece) -> str:
    parts = "".join(
        f'<div class="part" title="{escape(roll.title)} – {escape(roll.agency)}">{roll_html(roll)}</div>'
        for roll in piece.rolls
        if roll.cells
    )
    said = "".join(f"<p>Thiếu: {escape(sentence)}</p>" for sentence in piece.missing) or f"<p>{escape(piece.empty)}</p>"
    body = parts or f'<div class="nothing"><p><b>{escape(piece.title)}</b></p>{said}</div>'
    return f'<div class="piece" id="p{nth}" title="{nth}. {escape(piece.title)}">{body}</div>'
