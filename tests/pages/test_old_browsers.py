"""Offices have Windows 7 and Chrome 109, or Cốc Cốc of that age: no page asks for anything a browser learnt later."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# What came after Chrome 109, by the sign it leaves in a sheet or a template.
LATER = {
    "nested rules (112)": r"(?m)^\s*&[\s.:#\[>]",
    "text-wrap (114)": r"text-wrap(-mode|-style)?\s*:",
    "white-space-collapse (114)": r"white-space-collapse\s*:",
    "popover (114)": r"\bpopover(target)?\b",
    "color-mix, oklch, lab (111)": r"\b(color-mix|oklch|oklab|lch|lab)\(",
    "linear() as easing (113)": r"timing-function:\s*linear\(",
    "subgrid (117)": r"\bsubgrid\b",
    "@starting-style (117)": r"@starting-style",
    "@scope (118)": r"@scope\b",
    ":user-valid (119)": r":user-(in)?valid",
    "details of one name (120)": r"<details[^>]*\sname=",
    "light-dark (123)": r"light-dark\(",
    "field-sizing (123)": r"field-sizing\s*:",
    "round(), mod() (125)": r"[:\s(](round|mod|rem)\(\s*[\d.]",
    "anchors (125)": r"\b(anchor-name|position-anchor|position-area)\s*:",
    "scroll-driven (115)": r"\b(animation-timeline|scroll-timeline|view-timeline)\s*:",
    "scrollbar-width (121)": r"scrollbar-(width|color)\s*:",
    "text-box (133)": r"text-box(-trim|-edge)?\s*:",
    "<search> (118)": r"<search\b",
    "commands without script (135)": r"\bcommandfor\b",
}
SHEETS = [
    path
    for app in ("staff", "beneficiaries", "payments", "reconciliation", "config")
    for kind in ("css", "html")
    for path in (ROOT / app).rglob(f"*.{kind}")
]


def later_in(text: str) -> list[str]:
    return [what for what, sign in LATER.items() if re.search(sign, text)]


def test_nothing_is_newer_than_chrome_109() -> None:
    found = {path.relative_to(ROOT).as_posix(): later_in(path.read_text(encoding="utf-8")) for path in SHEETS}

    assert len(found) > 50 and {path: what for path, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "newer",
    ["h1 { text-wrap: balance; }", "a { color: oklch(50% 0 0); }", '<div popover id="x">', "td {\n  & .n { top: 0; }\n}", '<details name="a">'],
)  # fmt: skip
def test_what_is_newer_would_be_seen(newer: str) -> None:
    assert later_in(newer)
