"""The sentences of short messages: no marks, no link, no category, four digits of an account at most."""

import unicodedata
from collections.abc import Sequence
from datetime import date

LONGEST = 160
PAID = "UBND {commune}: {what} cua {name} da chuyen vao TK so cuoi {last_four} ngay {day}. Hoi: {phone}. Can bo khong hoi OTP."
NOT_PAID = (
    "UBND {commune}: {what} cua {name} chua chuyen duoc. Moi den UBND {kind}, mang the can cuoc, hoac goi {phone}."
)
WAIT = "UBND {commune}: {what} cua {name} chua chuyen duoc. Can bo dang hoi ngan hang; tien van duoc giu. Hoi: {phone}."
CASH_READY = "UBND {commune}: Moi {name} nhan tien mat {what} tai diem chi tra cua {kind}, tu ngay {day}. Mang the can cuoc. Hoi: {phone}."
# Nobody can do anything about these but the staff and the bank.
NOTHING_TO_DO = frozenset({"", "declined", "other"})


def plain(text: str) -> str:
    """Letters every telephone shows: without marks, đ as d."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    kept = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return kept.encode("ascii", "ignore").decode()


def short_name(full_name: str) -> str:
    """`Nguyễn Thị Lan` as `N.T.LAN`: enough for the family, little for whoever looks over a shoulder."""
    words = plain(full_name).upper().split()
    return "".join(f"{word[0]}." for word in words[:-1]) + words[-1][:20] if words else ""


def commune_name(name: str) -> tuple[str, str]:
    """`xã Phước Thuận` as `xa PHUOC THUAN`, and its kind word alone."""
    kind, _, rest = plain(name).partition(" ")
    return f"{kind} {rest.upper()}"[:40], kind


def fitted(template: str, *, commune: str, name: str, **values: str) -> str:
    """One short message. Where it would be too long, the place's and then the family name are shortened: never the number to ask at, nor the
    warning that no official asks for a code."""
    text = ""
    for place, person in ((40, 30), (24, 30), (24, 14), (14, 10), (10, 8)):
        text = plain(template.format(commune=commune[:place].rstrip(), name=name[-person:].lstrip("."), **values))
        if len(text) <= LONGEST:
            break
    return text[:LONGEST]


def month_words(months: Sequence[date]) -> str:
    """`thang 8/2024`; two or three as `thang 7, 8/2024` when of one year, else only how many."""
    several = sorted(set(months))
    if len({month.year for month in several}) == 1 and len(several) <= 3:
        return f"thang {', '.join(str(month.month) for month in several)}/{several[0].year}"
    return f"{len(several)} thang"


def short_day(day: date | None) -> str:
    """`05/9`."""
    return f"{day:%d}/{day.month}" if day else "..."
