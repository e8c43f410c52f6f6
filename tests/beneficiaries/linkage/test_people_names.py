"""Names as offices write them: nothing is lost, one spelling comes out, and reading twice reads the same."""

import unicodedata
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beneficiaries.linkage.engine.names import keys_of
from beneficiaries.linkage.names import _D_LETTERS, _NOT_LETTERS, name_key
from beneficiaries.linkage.people_names import MAX_READINGS, bare_names, read_name, readings
from beneficiaries.linkage.spelling import place_tone, tidy
from beneficiaries.linkage.syllables import split_joined

LETTERS = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵñčĕŏ"
SYLLABLES = (
    "nguyễn trần lê thị văn hòa quý thúy khoẻ tuệ loan giang gì quyên uyên hoài hương được mía "
    "thuở đặng ých nghiêm bình "
)
TITLES = ["Ông", "ông", "Bà", "BÀ", "bà", "Cụ", "cháu", "Chú", "mẹ", "Em", "em", "BA", "CHAU", "Chu", "ong", "Châu"]
WORDS = st.one_of(st.sampled_from(SYLLABLES.split()), st.text(LETTERS + LETTERS.upper(), min_size=1, max_size=7))
NAMES = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
MESSY = st.one_of(NAMES, st.text(LETTERS + "ABC'’ .,()-/:12 ", max_size=40))


def slow_key(name: str) -> str:
    """What a key is, said in full."""
    decomposed = unicodedata.normalize("NFD", name.translate(_D_LETTERS).casefold())
    return _NOT_LETTERS.sub("", "".join(letter for letter in decomposed if not unicodedata.combining(letter)))


class TestTonePlacement:
    @pytest.mark.parametrize(
        ("typed", "placed"),
        [("hoà", "hòa"), ("hòa", "hòa"), ("qúy", "quý"), ("quý", "quý"), ("tuỳ", "tùy"), ("thuý", "thúy"), ("khoẻ", "khỏe"), ("HOÀ", "HÒA"),
         ("nguỵên", "nguyện"), ("hoàn", "hoàn"), ("giá", "giá"), ("gìa", "già"), ("gì", "gì"), ("giếng", "giếng"), ("thuở", "thuở"), ("cuả", "của"),
         ("ngoài", "ngoài"), ("khuỷu", "khuỷu"), ("đựơc", "được"), ("ñuk", "ñuk"), ("bŏ", "bŏ"), ("huế", "huế")],
    )  # fmt: skip
    def test_is_where_school_books_put_it(self, typed: str, placed: str) -> None:
        assert place_tone(typed) == placed

    @given(WORDS)
    def test_changes_no_letter_and_settles(self, word: str) -> None:
        placed = place_tone(unicodedata.normalize("NFC", word))

        assert name_key(placed) == name_key(word)
        assert place_tone(placed) == placed
        assert Counter(unicodedata.normalize("NFD", placed)) == Counter(unicodedata.normalize("NFD", word))

    @given(MESSY)
    def test_of_a_tidy_text_changes_nothing(self, text: str) -> None:
        assert tidy(tidy(text)) == tidy(text)


class TestNameKey:
    @given(st.text(max_size=30))
    def test_is_the_same_by_the_quick_way_and_the_plain_one(self, text: str) -> None:
        assert name_key(text) == slow_key(text)


class TestReadName:
    @pytest.mark.parametrize(
        ("written", "words", "title", "remark"),
        [
            ("NguyễnVănAn", ("Nguyễn", "Văn", "An"), "", ""),
            ("NGUYENVANAN", ("NGUYEN", "VAN", "AN"), "", ""),
            ("trầnthịhoa", ("trần", "thị", "hoa"), "", ""),
            ("Bà Nguyễn Thị Hoà (Bảy)", ("Nguyễn", "Thị", "Hòa"), "Bà", "Bảy"),
            ("ông: Trần Văn  Bình - thôn 3", ("Trần", "Văn", "Bình"), "ông", "thôn 3"),
            ("Ông/Bà Lê Thị Quý", ("Lê", "Thị", "Quý"), "Ông/Bà", ""),
            ("Em Nguyễn Thị Em", ("Nguyễn", "Thị", "Em"), "Em", ""),
            ("Ông Ích Khiêm", ("Ông", "Ích", "Khiêm"), "", ""),
            ("Anh Đức", ("Anh", "Đức"), "", ""),
            ("Cháu Ksor Ñuk", ("Ksor", "Ñuk"), "Cháu", ""),
            ("H’Hen Niê", ("H'Hen", "Niê"), "", ""),
            ("Y Moan Ênuôl", ("Y", "Moan", "Ênuôl"), "", ""),
            ("Ng.T. Hoa", ("Ng.", "T.", "Hoa"), "", ""),
            ("(Nguyễn Văn An)", ("Nguyễn", "Văn", "An"), "", ""),
            ("Mẹ VNAH Nguyễn Thị Thứ", ("Nguyễn", "Thị", "Thứ"), "Mẹ VNAH", ""),
            ("Bà mẹ Việt Nam anh hùng: Ng Thị Thứ", ("Ng.", "Thị", "Thứ"), "Bà mẹ Việt Nam anh hùng", ""),
            ("MẸ VIỆT NAM ANH HÙNG LÊ THỊ TƯ", ("LÊ", "THỊ", "TƯ"), "MẸ VIỆT NAM ANH HÙNG", ""),
            ("Me VN anh hung - Bà Lê Thị Tư", ("Lê", "Thị", "Tư"), "Me VN anh hung Bà", ""),
            ("Mẹ VNAH", ("Mẹ", "VNAH"), "", ""),
            ("Ng Thị Hoa", ("Ng.", "Thị", "Hoa"), "", ""),
            ("Ng T Hoa", ("Ng.", "T.", "Hoa"), "", ""),
            ("Bà Ng Thị Hoa", ("Ng.", "Thị", "Hoa"), "Bà", ""),
            ("Châu Thị Hoa", ("Châu", "Thị", "Hoa"), "", ""),
            ("Chu Văn An", ("Chu", "Văn", "An"), "", ""),
            ("Châu Lê Hoa", ("Châu", "Lê", "Hoa"), "", ""),
            ("CHAU THI HOA", ("CHAU", "THI", "HOA"), "", ""),
            ("cháu Lê Hoa Mai", ("Lê", "Hoa", "Mai"), "cháu", ""),
            ("BA LE THI TU", ("LE", "THI", "TU"), "BA", ""),
            ("Cụ bà Lê Thị Tư", ("Lê", "Thị", "Tư"), "Cụ bà", ""),
            ("Bà mẹ: Lê Thị Tư", ("Lê", "Thị", "Tư"), "Bà mẹ", ""),
            ("Cụ BA LE THI TU", ("LE", "THI", "TU"), "Cụ BA", ""),
            ("Ông Ông Ích Khiêm", ("Ông", "Ích", "Khiêm"), "Ông", ""),
            ("Ông Văn Tài", ("Ông", "Văn", "Tài"), "", ""),
            ("Bà Thị Hoa", ("Thị", "Hoa"), "Bà", ""),
            ("Bà Văn Thị Mai", ("Văn", "Thị", "Mai"), "Bà", ""),
            ("Cụ bà Pinăng Thị Wang", ("Pi", "năng", "Thị", "Wang"), "Cụ bà", ""),
            ("Bà Ka Brôp", ("Ka", "Brôp"), "Bà", ""),
            ("Cụ ông K'Ñai", ("K'Ñai",), "Cụ ông", ""),
            ("Nguyễn Bá Học", ("Nguyễn", "Bá", "Học"), "", ""),
            ("Nguyễn Thị Bảo Châu", ("Nguyễn", "Thị", "Bảo", "Châu"), "", ""),
            ("NGUYEN BA CHU", ("NGUYEN", "BA", "CHU"), "", ""),
            ("Bá Thị Lan", ("Bá", "Thị", "Lan"), "", ""),
            ("Trần Th Mai", ("Trần", "Th.", "Mai"), "", ""),
            ("Y K Niê", ("Y", "K", "Niê"), "", ""),
            ("Nguyễn Văn Hùng 2", ("Nguyễn", "Văn", "Hùng"), "", "2"),
        ],
    )
    def test_sets_apart_what_is_no_name(self, written: str, words: tuple[str, ...], title: str, remark: str) -> None:
        read = read_name(written)

        assert (read.words, read.title, read.remark) == (words, title, remark)

    @settings(max_examples=300)
    @given(MESSY)
    def test_loses_nothing(self, text: str) -> None:
        read = read_name(text)
        kept = " ".join((*read.words, read.title, read.remark))

        assert read.original == text
        assert Counter(name_key(kept)) == Counter(name_key(text))

    @given(NAMES)
    def test_does_not_depend_on_encoding_or_spacing(self, name: str) -> None:
        spellings = [unicodedata.normalize(form, name) for form in ("NFC", "NFD")] + [f"  {name.replace(' ', '   ')} "]

        assert len({read_name(spelling).words for spelling in spellings}) == 1

    @given(NAMES)
    def test_of_the_name_it_read_reads_the_same(self, name: str) -> None:
        # A title taken off may lay another one bare; a name written by us has none.
        once = read_name(read_name(name).text)
        twice = read_name(once.text)

        assert twice.words == once.words or once.title

    @given(st.lists(st.sampled_from(TITLES), max_size=3), st.lists(st.sampled_from(SYLLABLES.split()), max_size=4))
    def test_of_a_name_behind_titles_leaves_none(self, titles: list[str], words: list[str]) -> None:
        bare = read_name(" ".join([*titles, *words])).words
        again = read_name(" ".join(bare))
        assert (again.words, again.title) == (bare, "")

    def test_knows_a_highland_name_with_and_without_apostrophe(self) -> None:
        assert read_name("H'Hen Niê").tokens == read_name("H Hen Niê").tokens


class TestBareNames:
    def bare(self, *names: str, borne: str = "") -> dict[str, str]:
        return bare_names(names, who_bears=lambda keys: keys & {name_key(borne)})

    def test_are_those_with_something_written_around_them(self) -> None:
        assert self.bare("Bà Lê Thị Tư", "Lê Thị Tư", "Ka Brẽu (mẹ liệt sĩ)", "Bà H'Hen", "Bà (Tư)") == {
            "Bà Lê Thị Tư": "Lê Thị Tư",
            "Ka Brẽu (mẹ liệt sĩ)": "Ka Brẽu",
            "Bà H'Hen": "H'Hen",
        }

    @pytest.mark.parametrize(
        ("name", "borne"),
        [("CHU NGOC LAN", "Chu Ngọc Lan"), ("Ông Ngọc Lan", "Ông Ngọc Lan"), ("Nguyễn Văn - An", "Nguyễn Văn An"),
         ("BE HOANG NAM", "Bế Hoàng Nam"), ("Anh Nguyễn Văn", "Nguyễn Văn Anh")],
    )  # fmt: skip
    def test_leave_a_name_somebody_bears(self, name: str, borne: str) -> None:
        assert self.bare(name)
        assert not self.bare(name, borne=borne)

    def test_take_nothing_in_brackets_for_a_part_of_a_name(self) -> None:
        assert self.bare("Nguyễn Thị Hồng (Bảy)", borne="Nguyễn Thị Hồng Bảy")


class TestTitlesOfHonour:
    TITLES = ("Mẹ VNAH", "MẸ VIỆT NAM ANH HÙNG", "Bà mẹ Việt Nam anh hùng", "Bà mẹ VNAH:", "BMVNAH", "Me VN anh hung")

    @settings(max_examples=200)
    @given(NAMES, st.sampled_from(TITLES))
    def test_are_no_part_of_any_key(self, name: str, title: str) -> None:
        assert (name_key(f"{title} {name}"), keys_of(f"{title} {name}")) == (name_key(name), keys_of(name))

    @given(NAMES, st.sampled_from(TITLES), st.sampled_from(TITLES))
    def test_leave_a_key_that_stays_the_same(self, name: str, first: str, second: str) -> None:
        key = name_key(f"{first} {second} {name}")
        assert name_key(key) == key == name_key(name)

    def test_alone_are_a_name_rather_than_nothing(self) -> None:
        assert name_key("Mẹ VNAH") == "mevnah"
        assert keys_of("Mẹ VNAH").words == "me vnah"


class TestAbbreviations:
    @pytest.mark.parametrize("written", ["Ng Thị Hoa", "Ng T Hoa", "NG THỊ HOA"])
    def test_without_a_point_are_opened_too(self, written: str) -> None:
        assert name_key(readings(read_name(written))[0]) == "nguyenthihoa"

    def test_are_opened_by_their_place_likeliest_first(self) -> None:
        assert readings(read_name("Ng.T. Hoa"))[0] == "Nguyễn Thị Hoa"
        assert "Trương Văn An" in readings(read_name("Tr. V. An"))

    @given(MESSY)
    def test_are_never_too_many(self, text: str) -> None:
        assert 1 <= len(readings(read_name(text))) <= MAX_READINGS

    def test_nobody_can_open_stay_as_they_are(self) -> None:
        assert readings(read_name("Zz. An")) == ("Zz. An",)


@pytest.mark.parametrize(
    ("joined", "words"),
    [("LÊTHỊMỸDUNG", ("LÊ", "THỊ", "MỸ", "DUNG")), ("PhạmHồngPhúc", ("Phạm", "Hồng", "Phúc")), ("Nghiêm", ("Nghiêm",)), ("Ksor", ("Ksor",)),
     ("hoangthingocanh", ("hoang", "thi", "ngoc", "anh"))],
)  # fmt: skip
def test_joined_words_are_cut_where_names_end(joined: str, words: tuple[str, ...]) -> None:
    assert split_joined(joined) == words
