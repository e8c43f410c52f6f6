"""Where one word ends and the next begins, when a typist left the spaces out: NguyễnVănAn, NGUYENVANAN."""

import re
from functools import lru_cache

from beneficiaries.linkage.names import name_key
from beneficiaries.linkage.spelling import place_tone

_ONSETS = "ngh|nh|ng|th|tr|ch|kh|ph|gh|gi|qu|[bcdghklmnprstvx]"
_RIMES = (
    "uyen|uyet|uynh|uych|ieng|iech|iec|iem|iep|iet|ieu|ien|uong|uoc|uoi|uom|uop|uot|uou|uon|uya|uyu|uye|oang|oanh|oach|oai|oan|oat|oam|oap|oac|oay|oen|oet"
    "|oeo|uan|uat|uang|uay|uao|uau|uanh|ueng|uenh|uech|yen|yeu|yet|yem|anh|ach|ang|enh|ech|eng|inh|ich|ong|ung|uyn|uyt|uit"
    "|ac|am|an|ap|at|ai|ao|au|ay|ec|em|en|ep|et|eo|eu|ia|im|in|ip|it|iu|ie|oa|oc|oe|oi|om|on|op|ot|ua|uc|ue|ui|um|un|uo|up|ut|uu|uy|a|e|i|o|u|y"
)
_SYLLABLE = re.compile(f"(?:{_ONSETS})?(?:{_RIMES})")
_CASE_CHANGE = re.compile(r"(?<=[^\W\d_])(?=[^\W\d_])")
LONGEST_SYLLABLE = 7
LONGEST_JOINED = 40

_SURNAMES = """
nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly an au ba bach banh bo ca cai cam can cao cat
che chau chu chung co cu cung dam dan danh dao dau diep dinh doan dong du dau gia giang giap ha han hau hien hinh
hong hua hung huong kha khang khieu khong khuat khuc kieu kim ksor la lac lai lam lau lo lu lua luc luong luu lynh
ma mac mach mai man mang mau mua nay nghiem nghi ngoc ngon ngu nhan nham nhu ninh nong nie on ong pha phi pho phu
phung phuong quach quan quang rah rcom ro ro si sin siu son su sung ta tang tao tat tham than thach thai thang thao
thi thieu thinh tho thoi thuc tiet tieu to ton tong trang trieu trinh truong tu tuong ung uong van vang vi vien
vuong xa y yen h k
"""
_OTHER_WORDS = """
van thi huu duc minh anh hong ngoc xuan thu ha dong thanh hung hai hoa hue huong lan mai my nam nga ngan nghia nhung
oanh phuc phuoc phuong quang quoc quy quyen quynh son tam tan thang thao thinh tho thoa thom thong thu thuan thuy
tien tinh toan trang tri trong trung tu tuan tuyen tuyet uyen vinh vy yen an bao binh cong cuong chinh chien dat
diem dien dieu dung giang hanh hao hau hieu hoan hoang hop khanh khoa khoi kien lam lien linh loan loc loi long luan
luc luyen ly man manh nguyet nhan nhat nhi ninh phat phu sang sau sinh suong sy tai the thien thiem truc truong tuoi
tung ut viet vui xuyen be bay chau chi dao dinh doan gai hien lieu mien muoi nam nho phi que sen tao tu
"""
SURNAMES = frozenset(_SURNAMES.split())
# Words names are made of far more often than of others: they decide between two ways of cutting ("van an" before "va nan").
_NAME_WORDS = SURNAMES | frozenset(_OTHER_WORDS.split())


def is_syllable(folded: str) -> bool:
    """Whether a folded word (no marks, lower case) is built like one Vietnamese syllable."""
    return _SYLLABLE.fullmatch(folded) is not None


@lru_cache(maxsize=50_000)
def split_joined(word: str) -> tuple[str, ...]:
    """The words in `word`: cut where small letters turn into a capital, else where syllables of names end; else as it is."""
    by_case = _cut_at_capitals(word)
    if len(by_case) > 1:
        return tuple(place_tone(piece) for part in by_case for piece in split_joined(part))
    folded = name_key(word)
    if len(folded) != len(word) or len(folded) > LONGEST_JOINED or is_syllable(folded):
        return (word,)
    lengths = _cut(folded)
    ends = [sum(lengths[: nth + 1]) for nth in range(len(lengths))]
    pieces = (word[end - length : end] for end, length in zip(ends, lengths, strict=True))
    return tuple(place_tone(piece) for piece in pieces) or (word,)


def _cut_at_capitals(word: str) -> list[str]:
    cuts = [
        match.start()
        for match in _CASE_CHANGE.finditer(word)
        if word[match.start() - 1].islower() and word[match.start()].isupper()
    ]
    return [word[start:end] for start, end in zip([0, *cuts], [*cuts, len(word)], strict=True)]


@lru_cache(maxsize=20_000)
def _cut(folded: str) -> tuple[int, ...]:
    """Lengths of the syllables, with as many words of names and as few pieces as possible; empty when it can't be cut."""
    best: list[tuple[int, tuple[int, ...]] | None] = [(0, ())] + [None] * len(folded)
    for end in range(1, len(folded) + 1):
        for start in range(max(0, end - LONGEST_SYLLABLE), end):
            before, piece = best[start], folded[start:end]
            if before is None or not is_syllable(piece):
                continue
            cost = before[0] + (2 if piece in _NAME_WORDS else 5)
            known = best[end]
            if known is None or cost < known[0]:
                best[end] = (cost, (*before[1], end - start))
    whole = best[-1]
    return whole[1] if whole else ()
