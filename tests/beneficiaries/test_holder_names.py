"""The holder's name at the bank against ours: the same letters are the same name, near is for a person, another given name is another person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beneficiaries.linkage.holder_names import DIFFERENT, REVIEW, SAME, UNCHECKED, compare_holder
from beneficiaries.linkage.names import name_key

WORDS = st.sampled_from(
    [
        "Nguyễn",
        "Trần",
        "Lê",
        "Phạm",
        "Văn",
        "Thị",
        "Đức",
        "Hữu",
        "Hòa",
        "Hoà",
        "Ánh",
        "An",
        "Anh",
        "Đạt",
        "Đào",
        "H'Hen",
        "Y",
        "Krông",
    ]
)
NAMES = st.lists(WORDS, min_size=2, max_size=5).map(" ".join)


@pytest.mark.parametrize(
    ("at_bank", "ours", "verdict"),
    [
        ("NGUYEN VAN AN", "Nguyễn Văn An", SAME),
        ("NGUYENVANAN", "Nguyễn Văn An", SAME),
        ("NGUYEN VAN AN (TK TRO CAP)", "Nguyễn Văn An", REVIEW),
        ("NGUYEN VAN AN", "Nguyễn Văn An (con ông Tư)", REVIEW),
        ("NGUYEN VAN BE (NGUYEN VAN AN)", "Nguyễn Văn An", DIFFERENT),
        ("(NGUYEN VAN AN)", "Nguyễn Văn An", SAME),
        ("DO THI DAO", "Đỗ Thị Đào", SAME),
        ("Nguyễn Thị Hoà", "Nguyễn Thị Hòa", SAME),
        ("NGUYEN VAN ANH", "Nguyễn Văn An", DIFFERENT),
        ("TRAN VAN AN", "Nguyễn Văn An", DIFFERENT),
        ("NGUYEN TRONG AN", "Nguyễn Văn An", DIFFERENT),
        ("NG V AN", "Nguyễn Văn An", REVIEW),
        ("NGUYEN AN", "Nguyễn Văn An", REVIEW),
        ("AN NGUYEN VAN", "Nguyễn Văn An", REVIEW),
        ("NGUYEM VAN AN", "Nguyễn Văn An", REVIEW),
        ("ONG NGUYEN VAN AN", "Nguyễn Văn An", REVIEW),
        ("TON NU THI NGOC HUON", "Tôn Nữ Thị Ngọc Hương", REVIEW),
        ("", "Nguyễn Văn An", UNCHECKED),
        ("970405", "Nguyễn Văn An", UNCHECKED),
    ],
)
def test_verdicts(at_bank: str, ours: str, verdict: str) -> None:
    assert compare_holder(at_bank, ours).verdict == verdict


@given(NAMES, NAMES)
def test_only_the_same_letters_are_the_same_name(one: str, other: str) -> None:
    check = compare_holder(one.upper(), other)
    assert (check.verdict == SAME) == (name_key(one) == name_key(other))
    assert 0 <= check.score <= 100
    assert (check.score == 100) == (check.verdict == SAME)


@given(NAMES, NAMES)
def test_reasons_never_repeat_a_name(one: str, other: str) -> None:
    said = " ".join(compare_holder(one.upper(), other).reasons)
    assert one.upper() not in said
    assert other not in said
