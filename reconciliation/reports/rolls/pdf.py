"""A roll as PDF/A-3, A4 landscape: preformatted lines between ruled columns, because a cell of its own for every value is eight times as slow."""

from datetime import UTC
from html import escape
from itertools import accumulate

from reconciliation.reports.rolls.lines import Page, heading_block, number_line, pages_of, widths
from reconciliation.reports.rolls.roll import Roll, closing_lines
from reconciliation.reports.rolls.roll_csv import CSV_NAME, roll_csv
from staff.printing import Embedded, archive_pdf

_USABLE_MM, _POINT_MM, _MONO_EM = 262.0, 25.4 / 72, 0.6001
_LARGEST_PT, _LINE_EM = 8.4, 1.32
_CSS = """
@page { size: A4 landscape; margin: 18mm 15mm 16mm 20mm;
  @top-center { content: counter(page); font: 11pt AnSinhSerif; }
  @bottom-center { content: string(footer) " · trang " counter(page) "/" counter(pages); font: 8pt AnSinhSerif; white-space: nowrap; } }
@page :first { @top-center { content: none; } }
body { margin: 0; font: 12pt/1.3 AnSinhSerif; }
.footer { string-set: footer content(); position: absolute; visibility: hidden; font-size: 1pt; }
.head { width: 100%; border-collapse: collapse; margin-bottom: 1mm; }
.head td { width: 50%; text-align: center; vertical-align: top; font-size: 11pt; line-height: 1.2; padding: 0; }
h1 { font-size: 13pt; text-align: center; margin: 2mm 0 0; }
p { margin: 0; } p.below { text-align: center; font-size: 11pt; } p.unit { text-align: right; font-style: italic; font-size: 10pt; }
.page { position: relative; border: 0.6pt solid #000; }
.page + .page { break-before: page; }
.page i { position: absolute; top: 0; bottom: 0; border-left: 0.4pt solid #000; }
pre { margin: 0; font-family: AnSinhMono; line-height: 1.32; padding: 0.35mm 0; border-bottom: 0.3pt solid #000; white-space: pre; }
pre.head, pre.sum { font-weight: bold; background: #ececec; }
pre:last-child { border-bottom: 0; }
.end { break-inside: avoid; margin-top: 2mm; }
.notes { font-size: 10pt; }
.signatures { width: 100%; border-collapse: collapse; margin-top: 5mm; table-layout: fixed; }
.signatures td { text-align: center; vertical-align: bottom; padding: 0; font-weight: bold; font-size: 11pt; }
.signatures td span { font-weight: normal; font-style: italic; }
.signatures .day { white-space: nowrap; }
.signatures .room td { height: 24mm; }
"""


def render_roll(roll: Roll) -> bytes:
    """The roll's PDF; the same roll gives the same bytes. Needs no database, so that many are made side by side."""
    lines = Embedded(name=CSV_NAME, description="Các dòng của danh sách", content=roll_csv(roll), modified=roll.made_at)
    return archive_pdf(_html(roll), identifier=bytes.fromhex(roll.digest), files=[lines], accessible=False)


def _html(roll: Roll) -> str:
    created = roll.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    size = min(_LARGEST_PT, _USABLE_MM / ((sum(widths(roll)) + 1) * _MONO_EM * _POINT_MM))
    below = "".join(f'<p class="below">{escape(line)}</p>' for line in roll.lines_below_title if line)
    rules = "".join(
        f'<i style="left: {(at + 0.5) * size * _MONO_EM:.2f}pt"></i>' for at in list(accumulate(widths(roll)))[:-1]
    )
    head = f'<pre class="head">{escape(heading_block(roll))}</pre><pre>{escape(number_line(roll))}</pre>'
    pages = "".join(_page(page, head=head, rules=rules) for page in pages_of(roll, line_mm=size * _LINE_EM * _POINT_MM))
    return (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{escape(roll.title)}</title>'
        f'<meta name="author" content="{escape(roll.agency)}"><meta name="description" content="Mã số liệu {roll.digest}">'
        f'<meta name="dcterms.created" content="{created}"><meta name="dcterms.modified" content="{created}">'
        f"<style>{_CSS} pre {{ font-size: {size:.3f}pt; }}</style></head><body>"
        f'<div class="footer">{escape(roll.title)} · Mã số liệu {roll.code}</div>'
        f'<table class="head"><tr><td><b>{escape(roll.agency.upper())}</b></td>'
        "<td><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>Độc lập - Tự do - Hạnh phúc</b></td></tr></table>"
        f'<h1>{escape(roll.title)}</h1>{below}<p class="unit">Đơn vị tính: đồng</p>{pages}{_end(roll)}</body></html>'
    )


def _page(page: Page, *, head: str, rules: str) -> str:
    parts = [head]
    if page.carried:
        parts.append(f'<pre class="sum">{escape(page.carried)}</pre>')
    parts += [f"<pre>{escape(row)}</pre>" for row in page.rows]
    parts += [f'<pre class="sum">{escape(line)}</pre>' for line in (page.subtotal, page.total) if line]
    return f'<div class="page">{rules}{"".join(parts)}</div>'


def _end(roll: Roll) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in closing_lines(roll))
    notes = "".join(f'<p class="notes">{escape(note)}</p>' for note in roll.notes)
    if not roll.signatures:
        return f'<div class="end">{lines}{notes}</div>'
    dated = f'<span class="day">{escape(roll.place)}, ngày&emsp;&ensp;tháng&emsp;&ensp;năm&emsp;&emsp;</span><br>'
    last = len(roll.signatures) - 1
    cells = "".join(
        f"<td>{dated if nth == last else ''}{escape(who)}<br><span>{escape(how)}</span></td>"
        for nth, (who, how) in enumerate(roll.signatures)
    )
    room = "<td></td>" * len(roll.signatures)
    return f'<div class="end">{lines}{notes}<table class="signatures"><tr>{cells}</tr><tr class="room">{room}</tr></table></div>'
