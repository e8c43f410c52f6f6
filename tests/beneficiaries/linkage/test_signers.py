"""Who signed, as offices write it: a name is found beside a title, a title or an office is nobody's name."""

import pytest

from beneficiaries.linkage.signers import is_a_title, names_a_person, signer_as_kept

NAMED = {
    "Nguyễn Văn An": "Nguyễn Văn An",
    "Nguyễn Văn An, Chủ tịch UBND xã": "Nguyễn Văn An, Chủ tịch UBND xã",
    "Chủ tịch UBND xã, Trần Văn Bình": "Chủ tịch UBND xã, Trần Văn Bình",
    "Chủ tịch Nguyễn Văn An": "Nguyễn Văn An, Chủ tịch",
    "phó chủ tịch  Trần Thị Hoa, UBND xã Tân An": "Trần Thị Hoa, Phó chủ tịch, UBND xã Tân An",
    "Chủ tịch UBND xã Tân An Nguyễn Văn Bình": "Nguyễn Văn Bình, Chủ tịch UBND xã Tân An",
    "Q. Giám đốc Phan Bội Châu": "Phan Bội Châu, Q. Giám đốc",
    "PCT Lê Văn Ba": "Lê Văn Ba, PCT",
    "Phó Đức Phương": "Phó Đức Phương",  # a surname, no title
    "Quyền Văn Minh": "Quyền Văn Minh",
    "Y Bhiu Mlô, Phó Giám đốc": "Y Bhiu Mlô, Phó Giám đốc",
}
NOBODY = [
    "Chủ tịch", "Phó Chủ tịch UBND xã", "Giám đốc", "Giám đốc Sở Nội vụ", "KT. CHỦ TỊCH PHÓ CHỦ TỊCH", "chu tich", "TM. UBND xã Tân An",
    "Chủ tịch UBND phường Nguyễn Trãi", "Phó Chủ tịch Ủy ban nhân dân xã Tân An", "Chủ tịch UBND tỉnh (đã ký)", "UBND tỉnh", "Sở Nội vụ",
    "Chủ tịch An",
]  # fmt: skip


@pytest.mark.parametrize("said", NAMED)
def test_a_name_is_found_and_a_title_before_it_kept_apart(said: str) -> None:
    assert names_a_person(said) and not is_a_title(said)
    assert signer_as_kept(said) == NAMED[said]
    assert signer_as_kept(signer_as_kept(said)) == NAMED[said]


@pytest.mark.parametrize("said", NOBODY)
def test_a_title_or_an_office_names_nobody(said: str) -> None:
    assert not names_a_person(said) and is_a_title(said)
    assert signer_as_kept(said) == said


@pytest.mark.parametrize("said", ["", "  ", ". - ,", "Chủ", "7 8"])
def test_what_is_neither_names_nobody(said: str) -> None:
    assert not names_a_person(said) and not is_a_title(said)
