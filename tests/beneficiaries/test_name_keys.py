"""Two spellings of one name have one key; two names have two; lists sort as Vietnamese dictionaries do."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beneficiaries.linkage.names import name_key, sort_key

LETTERS = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
NAMES = st.lists(st.text(LETTERS + LETTERS.upper(), min_size=1, max_size=7), min_size=1, max_size=5).map(" ".join)


class TestNameKey:
    @pytest.mark.parametrize(
        "spelling",
        ["Đặng Thị Hòa", "Đặng Thị Hoà", "ĐẶNG THỊ HÒA", "Dang Thi Hoa", "DANG THI HOA", "Ðặng Thị Hòa", "đặng  thị\u00a0hòa",
         "ĐặngThị Hòa", unicodedata.normalize("NFD", "Đặng Thị Hoà")],
    )  # fmt: skip
    def test_is_one_for_every_spelling_of_a_name(self, spelling: str) -> None:
        assert name_key(spelling) == "dangthihoa"

    @pytest.mark.parametrize(
        ("spelling", "key"),
        [("H'Hen Niê", "hhennie"), ("H’Hen Niê", "hhennie"), ("Y Moan Ênuôl", "ymoanenuol"), ("K'Brôih", "kbroih"), ("Rơ Châm Bŏ", "rochambo"),
         ("Ksor Čơ̆ Ñuk", "ksorconuk")],
    )  # fmt: skip
    def test_knows_the_letters_of_the_highlands(self, spelling: str, key: str) -> None:
        assert name_key(spelling) == key

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Trần Văn An", "Trần Văn Ân Em"),
            ("Lê Thị Mai", "Lê Thị Mây"),
            ("Y Bih", "H Bih"),
            ("An Văn Lê", "Lê Văn An"),
        ],
    )
    def test_differs_for_different_names(self, one: str, other: str) -> None:
        assert name_key(one) != name_key(other)

    @given(NAMES)
    def test_of_a_key_is_the_key(self, name: str) -> None:
        assert name_key(name_key(name)) == name_key(name)

    @given(NAMES)
    def test_does_not_depend_on_encoding_case_or_spacing(self, name: str) -> None:
        spellings = [
            unicodedata.normalize("NFD", name),
            unicodedata.normalize("NFC", name),
            name.upper(),
            name.replace(" ", ""),
            f" {name} ",
        ]
        assert {name_key(spelling) for spelling in spellings} == {name_key(name)}

    @given(st.text(max_size=40))
    def test_is_plain_letters_whatever_comes_in(self, text: str) -> None:
        assert set(name_key(text)) <= set("abcdefghijklmnopqrstuvwxyz")


class TestSortKey:
    # The order of "Từ điển tiếng Việt": letters first (a ă â … d đ e ê …), tones only between words with the same letters.
    DICTIONARY = (
        "An",
        "Án",
        "Anh",
        "Ánh",
        "Ăn",
        "Ân",
        "Ba",
        "Bà",
        "Bả",
        "Bã",
        "Bá",
        "Bạ",
        "Ca",
        "Dung",
        "Dũng",
        "Đào",
        "Đạt",
        "Em",
        "Êm",
        "Giang",
        "Hoa",
        "Hòa",
        "Hỏa",
        "Hóa",
        "Họa",
        "Hoan",
        "Lan",
        "Nga",
        "Oanh",
        "Ông",
        "Ơn",
        "Phú",
        "Tâm",
        "Thu",
        "Thư",
        "Uy",
        "Ưng",
        "Vân",
        "Xuân",
        "Yến",
    )

    @pytest.mark.parametrize("seed", [1, 2, 3])
    def test_puts_given_names_in_dictionary_order(self, seed: int) -> None:
        shuffled = random.Random(seed).sample(self.DICTIONARY, len(self.DICTIONARY))
        assert tuple(sorted(shuffled, key=sort_key)) == self.DICTIONARY

    def test_looks_at_the_given_name_then_the_surname_then_the_middle_name(self) -> None:
        names = ["Trần Thị Bình", "Đỗ Văn An", "Lê Văn Bình", "Lê Thị Bình", "Dương Văn An"]
        assert sorted(names, key=sort_key) == [
            "Dương Văn An",
            "Đỗ Văn An",
            "Lê Thị Bình",
            "Lê Văn Bình",
            "Trần Thị Bình",
        ]

    def test_knows_no_difference_between_capitals_and_small_letters(self) -> None:
        assert sort_key("ĐỖ VĂN AN") == sort_key("Đỗ văn an")

    @given(NAMES)
    def test_does_not_depend_on_the_encoding(self, name: str) -> None:
        assert sort_key(unicodedata.normalize("NFD", name)) == sort_key(unicodedata.normalize("NFC", name))

    @given(NAMES)
    def test_compares_alike_here_and_byte_by_byte_in_the_database(self, name: str) -> None:
        assert sort_key(name).isascii()
