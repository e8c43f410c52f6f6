"""Legacy text becomes Unicode, and Unicode stays what it is."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beneficiaries.errors.files import FileUnreadable
from beneficiaries.parsers.encodings import (
    Encoding,
    decode_bytes,
    from_tcvn3,
    from_vni,
    recognise,
    to_tcvn3,
    to_unicode,
    to_vni,
)
from beneficiaries.parsers.syllables import is_syllable

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ 0123456789/.-"
TEXT = st.text(LETTERS, max_size=40)
NAMES = ["Nguyễn Văn Ánh", "Trần Thị Hường", "Đặng Quốc Khuyến", "Lê Hoàng Quý", "Phạm Thị Nghĩa", "Huỳnh Thuỳ Giang"]


class TestRoundTrip:
    @given(TEXT)
    def test_through_tcvn3_loses_nothing(self, text: str) -> None:
        assert from_tcvn3(to_tcvn3(text)) == text

    @given(TEXT)
    def test_through_vni_loses_nothing_in_either_case(self, text: str) -> None:
        assert from_vni(to_vni(text)) == text
        assert from_vni(to_vni(text.upper())) == text.upper()

    @given(st.lists(st.sampled_from(NAMES), min_size=1).map("\n".join), st.sampled_from(["NFC", "NFD"]))
    def test_of_unicode_files_gives_nfc(self, text: str, form: str) -> None:
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
            assert decode_bytes(unicodedata.normalize(form, text).encode(encoding)).text == text


class TestRecognition:
    @pytest.mark.parametrize("name", NAMES)
    def test_knows_each_name_in_each_encoding(self, name: str) -> None:
        in_lower = name.lower()
        assert to_unicode(to_tcvn3(in_lower)).text == in_lower
        assert to_unicode(to_vni(name)).text == name
        assert to_unicode(name).text == name

    @given(st.sets(st.sampled_from(NAMES), min_size=2))
    def test_leaves_unicode_alone(self, names: set[str]) -> None:
        assert recognise(names) is Encoding.UNICODE

    @pytest.mark.parametrize("text", ["Lê Hà", "Hòa Thuý", "Bé Tí", "Hoàng Là"])
    def test_leaves_words_that_are_right_as_they_stand(self, text: str) -> None:
        assert to_unicode(text).text == text

    def test_gives_capitals_back_to_a_font_of_capitals(self) -> None:
        assert to_unicode("NGUYÔN V¡N AN").text == "NGUYỄN VĂN AN"

    @pytest.mark.parametrize("name", ["Lê Hà", "Hồ Á", "Đỗ Ý"])
    def test_words_whose_only_plain_letter_begins_them_are_none(self, name: str) -> None:
        assert from_tcvn3(to_tcvn3(name)).casefold() == name.casefold()
        assert not from_tcvn3(to_tcvn3(name)).isupper()

    @pytest.mark.parametrize("name", ["TRẦN VĂN ÁN", "LÊ Ý NHI", "HỒ Á ÂU"])
    def test_a_cell_in_capitals_is_in_capitals_whatever_its_words_are_short_of(self, name: str) -> None:
        """Under fonts that draw capitals the marked letter is a lower-case code, and plain letters are typed with the shift key."""
        typed = "".join(letter if letter.isascii() else to_tcvn3(letter.lower()) for letter in name)
        assert from_tcvn3(typed) == name
        assert from_tcvn3(f"{typed};{to_tcvn3('Xã An Hoà')}\n") == f"{name};Xã An Hoà\n"

    @pytest.mark.parametrize(
        ("content", "encoding"),
        [
            (to_tcvn3("họ và tên;nguyễn thị hường").encode("latin-1"), Encoding.TCVN3),
            (to_vni("Họ và tên;Nguyễn Thị Hường").encode("latin-1"), Encoding.VNI),
            ("Nguyễn Thị Hường; họ và tên".encode(), Encoding.UNICODE),
        ],
    )
    def test_of_bytes_names_the_encoding(self, content: bytes, encoding: Encoding) -> None:
        assert decode_bytes(content).encoding is encoding

    def test_of_windows_1258_puts_letter_and_tone_together(self) -> None:
        written = unicodedata.normalize("NFD", "Họ và tên Nguyễn Thị Hường")
        content = (
            unicodedata.normalize("NFC", "").join(_for_1258(letter) for letter in _pairs(written)).encode("cp1258")
        )
        assert decode_bytes(content).text == "Họ và tên Nguyễn Thị Hường"

    def test_refuses_what_is_in_no_encoding(self) -> None:
        with pytest.raises(FileUnreadable):
            decode_bytes(bytes(range(0x80, 0x100)) * 4)


class TestSyllable:
    @pytest.mark.parametrize("word", ["nguyễn", "Quốc", "gì", "giếng", "khuyến", "hoà", "hòa", "ưỡn", "Ý", "thuở"])
    def test_is_one(self, word: str) -> None:
        assert is_syllable(word)

    @pytest.mark.parametrize("word", ["NguyÔn", "Nguyeãn", "bàc", "qđ", "ngc", "aâ", "hoò́"])
    def test_is_none(self, word: str) -> None:
        assert not is_syllable(word)


def _pairs(text: str) -> list[str]:
    """Windows-1258 has â, ê, ô, ă, ơ, ư whole and the five tones as marks of their own."""
    pieces: list[str] = []
    for letter in text:
        if letter in "\u0302\u0306\u031b" and pieces:
            # the mark of the letter comes after its tone in decomposed order for some letters
            base, tones = pieces[-1][0], pieces[-1][1:]
            pieces[-1] = unicodedata.normalize("NFC", base + letter) + tones
        elif unicodedata.combining(letter):
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces


def _for_1258(piece: str) -> str:
    return piece
