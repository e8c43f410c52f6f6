"""A roll as PDF/A-3, A4 landscape: preformatted lines over drawn rules, because a cell of its own for every value is ten times as slow."""

from dataclasses import dataclass
from datetime import UTC
from html import escape
from itertools import accumulate

from reconciliation.reports.rolls.lines import PADDING_MM, Page, fitted, heading_block, number_line, pages_of, widths
from reconciliation.reports.rolls.roll import Roll, closing_lines
from reconciliation.reports.rolls.roll_csv import CSV_NAME, roll_csv
from staff.printing import MOTTO, NATION, Embedded, archive_pdf

_USABLE_MM, _POINT_MM, _MONO_EM = 262.0, 25.4 / 72, 0.6001
_LARGEST_PT, _LINE_EM = 8.4, 1.36
_RISE_EM = 0.1  # marks on capital letters (Ễ) reach higher above their line than any letter hangs below the one before
ROLL_CSS = """
@page { size: A4 landscape; margin: 18mm 15mm 16mm 20mm;
  @top-center { content: counter(page); font: 11pt AnSinhSerif; }
  @bottom-center { content: string(footer) " · trang " counter(page) "/" counter(pages); font: 8pt AnSinhSerif; white-space: nowrap; } }
@page :first { @top-center { content: none; } }
body { margin: 0; font: 12pt/1.3 AnSinhSerif; }
.footer { string-set: footer content(); position: absolute; visibility: hidden; font-size: 1pt; }
table.head { width: 100%; border-collapse: collapse; margin-bottom: 1mm; }
table.head td { width: 50%; text-align: center; vertical-align: top; font-size: 11pt; line-height: 1.2; padding: 0; }
h1 { font-size: 13pt; text-align: center; margin: 2mm 0 0; }
p { margin: 0; } p.below { text-align: center; font-size: 11pt; } p.unit { text-align: right; font-style: italic; font-size: 10pt; }
.page { position: relative; border: 0.6pt solid #000; }
.page + .page { break-before: page; }
.page svg { position: absolute; top: 0; left: 0; }
pre { margin: 0; font-family: AnSinhMono; line-height: 1.36; padding: 0.35mm 0; white-space: pre; }
pre.head, pre.sum { font-weight: bold; background: #ececec; }
.end { break-inside: avoid; margin-top: 2mm; }
.notes { font-size: 10pt; }
.signatures { width: 100%; border-collapse: collapse; margin-top: 5mm; table-layout: fixed; }
.signatures td { text-align: center; vertical-align: bottom; padding: 0; font-weight: bold; font-size: 11pt; }
.signatures td span { font-weight: normal; font-style: italic; }
.signatures .day { white-space: nowrap; }
.signatures .room td { height: 24mm; }
"""


@dataclass(frozen=True)
class _Drawing:
    """Size of the letters and where the columns end, in points."""

    size: float
    columns: list[float]


def render_roll(roll: Roll) -> bytes:
    """The roll's PDF; the same roll gives the same bytes. Needs no database, so that many are made side by side."""
    lines = Embedded(name=CSV_NAME, description="Các dòng của danh sách", content=roll_csv(roll), modified=roll.made_at)
    return archive_pdf(_html(roll), identifier=bytes.fromhex(roll.digest), files=[lines], accessible=False)


def _html(roll: Roll) -> str:
    created = roll.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{escape(roll.title)}</title>'
        f'<meta name="author" content="{escape(roll.agency)}"><meta name="description" content="Mã số liệu {roll.digest}">'
        f'<meta name="dcterms.created" content="{created}"><meta name="dcterms.modified" content="{created}">'
        f"<style>{ROLL_CSS}</style></head><body>"
        f'<div class="footer">{escape(roll.title)} · Mã số liệu {roll.code}</div>{roll_html(roll)}</body></html>'
    )


def line_height(roll: Roll) -> float:
    """Of one printed line, mm: the letters are as large as the columns let them be."""
    return _letters(roll) * _LINE_EM * _POINT_MM


def _letters(roll: Roll) -> float:
    return min(_LARGEST_PT, _USABLE_MM / ((sum(widths(roll)) + 1) * _MONO_EM * _POINT_MM))


def roll_html(roll: Roll) -> str:
    """Heading, pages and signature blocks of a roll, to stand in a page of `ROLL_CSS`."""
    roll = fitted(roll)
    size = _letters(roll)
    below = "".join(f'<p class="below">{escape(line)}</p>' for line in roll.lines_below_title if line)
    drawn = _Drawing(size=size, columns=[(at + 0.5) * size * _MONO_EM for at in list(accumulate(widths(roll)))[:-1]])
    head, numbers = heading_block(roll), number_line(roll)
    lines = pages_of(roll, line_mm=line_height(roll))
    pages = "".join(_page(page, head=head, numbers=numbers, drawn=drawn) for page in lines)
    unit_line = '<p class="unit">Đơn vị tính: đồng</p>' if any(each.money for each in roll.fields) else ""
    return f"{head_html(roll.agency)}<h1>{escape(roll.title)}</h1>{below}{unit_line}{pages}{_end(roll)}"


def head_html(agency: str) -> str:
    """Who issues the paper on the left, nation and motto on the right, each with its rule."""
    issuer = f'<b class="agency">{escape(agency.upper())}<span class="rule"></span></b>'
    return f'<table class="head"><tr><td>{issuer}</td><td>{NATION}<br>{MOTTO}</td></tr></table>'


def _page(page: Page, *, head: str, numbers: str, drawn: _Drawing) -> str:
    """One <pre> for all rows and one drawing for all rules: a box of its own for every row takes twice as long."""
    parts = [
        ("head", (head,)),
        ("", (numbers,)),
        ("sum", (page.carried,)),
        ("", page.rows),
        ("sum", (page.subtotal,)),
        ("sum", (page.total,)),
    ]
    line, padding, at = drawn.size * _LINE_EM, PADDING_MM / 2 / _POINT_MM, 0.0
    texts, rules = [], []
    for style, blocks in parts:
        if not any(blocks):
            continue
        at += padding
        for block in blocks:
            at += (block.count("\n") + 1) * line
            rules.append(at - drawn.size * _RISE_EM)
        at += padding
        rules[-1] = at
        texts.append(f'<pre class="{style}">{escape(chr(10).join(blocks))}</pre>')
    width = _USABLE_MM / _POINT_MM
    path = "".join(f"M0 {y:.2f}H{width:.1f}" for y in rules[:-1])
    columns = "".join(f"M{x:.2f} 0V{at:.2f}" for x in drawn.columns)
    return (
        f'<div class="page" style="font-size: {drawn.size:.3f}pt">{"".join(texts)}<svg xmlns="http://www.w3.org/2000/svg" width="{width:.2f}pt" '
        f'height="{at:.2f}pt" viewBox="0 0 {width:.2f} {at:.2f}"><path d="{path}{columns}" stroke="#000" stroke-width="0.35" fill="none"/></svg></div>'
    )  # fmt: skip


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
