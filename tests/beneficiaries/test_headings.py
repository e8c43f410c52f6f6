"""Headings by meaning: other wordings, another order, two merged rows; what only resembles is proposed and never taken."""

import io

import pytest
import xlsxwriter

from beneficiaries.errors.files import ColumnsMissing
from beneficiaries.parsers.headings import Vocabulary, find_heading
from beneficiaries.parsers.registry import open_registry
from beneficiaries.parsers.registry_columns import WORDINGS
from tests.beneficiaries.office_files import person, registry_file

USUAL = [
    ("Mã hồ sơ", "97101-000001"), ("Họ tên", "Nguyễn Văn An"), ("Ngày, tháng, năm sinh", "05/09/1942"), ("Giới", "Nam"),
    ("Số CCCD", "097042000001"), ("Thôn", "Thôn 3"), ("Chính sách", "TCXH"), ("Nhóm đối tượng", "CT-80-KLH"), ("Hệ số hưởng", "1"),
    ("QĐ số", "12/QĐ-UBND"), ("QĐ ngày", "15/03/2023"), ("Từ tháng", "04/2023"),
]  # fmt: skip


def _file(*rows: list[str]) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    book.close()
    return stream.getvalue()


class TestHeading:
    @pytest.mark.parametrize("at", [0, 7, 13])
    def test_in_other_words_on_any_of_the_first_rows_is_known(self, at: int) -> None:
        rows = [["Danh sách"]] * at + [[head for head, _ in USUAL], [cell for _, cell in USUAL]]
        (ours,) = open_registry(registry_file([person(paid_through=None)])).entries
        assert [entry.canonical for entry in open_registry(_file(*rows)).entries] == [ours.canonical]

    @pytest.mark.parametrize(
        ("text", "key"),
        [
            ("NGÀY SINH", "birth"), ("hệ  số", "coefficient"), ("Ngày ký quyết định", "decision_date"), ("Định danh số", "number"),
            ("Tên ngân hàng", "bank"), ("Năm sinh Nữ", "birth_female"), ("Họ và tên chồng", None), ("STT", None), ("Số", None),
            ("Số mã hồ sơ", None), ("Hồ sơ mã", "code"), ("Ho so ma", "code"), ("Mã số hộ", None),
        ],
    )  # fmt: skip
    def test_is_known_by_its_words_in_any_order_and_by_nothing_less(self, text: str, key: str | None) -> None:
        assert Vocabulary(WORDINGS).key_of(text) == key

    def test_on_two_merged_rows_is_read_together(self) -> None:
        upper = [
            "Mã hồ sơ",
            "Họ tên",
            "Năm sinh",
            "",
            "Số CCCD",
            "Đối tượng",
            "",
            "Hệ số",
            "Quyết định",
            "",
            "Từ tháng",
            "Người nhận thay",
            "",
        ]
        lower = ["", "", "Nam", "Nữ", "", "Chính sách", "Mã nhóm", "", "Số", "Ngày", "", "Họ và tên", "Quan hệ"]
        one = [
            "97101-1",
            "Lê Thị Hai",
            "",
            "1942",
            "",
            "TCXH",
            "CT-80-KLH",
            "1",
            "1/QĐ",
            "15/03/2023",
            "04/2023",
            "Lê Văn Ba",
            "Giám hộ",
        ]
        two = [
            "97101-2",
            "Lê Văn Tư",
            "1950",
            "",
            "",
            "TCXH",
            "CT-80-KLH",
            "1",
            "2/QĐ",
            "15/03/2023",
            "04/2023",
            "",
            "",
        ]
        first, second = open_registry(_file(["DANH SÁCH"], upper, lower, one, two)).entries
        assert (first.name, first.sex, first.decision_number, first.payee_name, first.payee_kind) == (
            "Lê Thị Hai", "FEMALE", "1/QĐ", "Lê Văn Ba", "GUARDIAN",
        )  # fmt: skip
        assert (second.sex, second.birth.year if second.birth else 0, second.payee_kind) == ("MALE", 1950, "OWN")

    def test_that_only_resembles_is_proposed_and_not_taken(self) -> None:
        heads = [head if head != "Hệ số hưởng" else "Hệ số trợ cấp được duyệt" for head, _ in USUAL]
        with pytest.raises(ColumnsMissing) as refused:
            open_registry(_file(heads, [cell for _, cell in USUAL]))
        assert refused.value.conflicts == ["Hệ số"]
        proposed = [(one.text, one.key) for one in refused.value.headings if not one.certain]
        assert proposed == [("Hệ số trợ cấp được duyệt", "coefficient")]
        saved = {"hesotrocapduocduyet": "coefficient"}
        assert open_registry(_file(heads, [cell for _, cell in USUAL]), saved=saved).entries[0].coefficient == 1

    def test_has_a_fingerprint_of_its_words_only(self) -> None:
        heads = [head for head, _ in USUAL]
        one, other, third = (
            find_heading([list(row)], Vocabulary(WORDINGS)).fingerprint
            for row in (heads, [head.upper() for head in heads], heads[::-1])
        )
        assert one == other != third


PERSON = {
    "Mã hồ sơ": "97101-1", "Họ tên": "Lê Thị Hai", "Ngày sinh": "05/09/1942", "Giới": "Nữ", "Số CCCD": "097142000001", "Chính sách": "TCXH",
    "Mã nhóm": "CT-80-KLH", "Hệ số": "1", "Số QĐ": "1/QĐ", "Ngày QĐ": "15/03/2023", "Từ tháng": "04/2023",
}  # fmt: skip


class TestHeadingOfSomebodyElse:
    @pytest.mark.parametrize(
        "group", ["Người nhận thay", "NGƯỜI GIÁM HỘ", "Chủ hộ", "Người chăm sóc", "Nguoi duoc uy quyen"]
    )
    def test_in_a_merged_group_is_never_the_persons_own(self, group: str) -> None:
        heads = ["Số của đối tượng" if head == "Số CCCD" else head for head in PERSON]
        upper, lower = [*heads, group, ""], [""] * len(heads) + ["Số CCCD", "Ngày sinh"]
        with pytest.raises(ColumnsMissing) as refused:
            open_registry(_file(upper, lower, [*PERSON.values(), "097070000009", "01/01/1970"]))
        assert refused.value.conflicts == ["Số định danh cá nhân/CMND"]
        assert {one.key for one in refused.value.headings if one.text.startswith(group)} <= {None, "payee_name"}

    def test_in_a_merged_group_leaves_the_persons_own_wherever_it_stands(self) -> None:
        upper = ["Người nhận thay", "", "", *PERSON]
        lower = ["Họ và tên", "Số CCCD", "Quan hệ", *[""] * len(PERSON)]
        entries = open_registry(_file(upper, lower, ["Lê Văn Ba", "097070000009", "Giám hộ", *PERSON.values()])).entries
        assert [(one.name, one.number, one.payee_name) for one in entries] == [
            ("Lê Thị Hai", "097142000001", "Lê Văn Ba")
        ]

    def test_in_a_merged_group_of_which_nothing_else_is_known_makes_no_person_of_the_row(self) -> None:
        upper, lower = ["Người nhận thay", "", "", *PERSON], ["Họ và tên", "Số CCCD", "Ngày sinh", *[""] * len(PERSON)]
        entries = open_registry(_file(upper, lower, ["Lê Văn Ba", "097070000009", "1970", *PERSON.values()])).entries
        assert [(one.name, one.number, one.payee_name) for one in entries] == [
            ("Lê Thị Hai", "097142000001", "Lê Văn Ba")
        ]

    def test_of_another_decision_is_not_the_granting_one(self) -> None:
        rest = {head: cell for head, cell in PERSON.items() if head not in ("Số QĐ", "Ngày QĐ")}
        upper = [*rest, "Quyết định thôi hưởng", "", "Quyết định hưởng", ""]
        lower = [*[""] * len(rest), "Số QĐ", "Ngày QĐ", "Số QĐ", "Ngày QĐ"]
        (entry,) = open_registry(
            _file(upper, lower, [*rest.values(), "9/QĐ", "01/01/2024", "1/QĐ", "15/03/2023"])
        ).entries
        assert entry.decision_number == "1/QĐ"

    def test_on_one_row_right_behind_a_payee_is_asked_about_and_then_believed(self) -> None:
        heads = [*(head if head != "Số CCCD" else "Số của đối tượng" for head in PERSON), "Người nhận thay", "Số CCCD"]
        rows = [heads, [*PERSON.values(), "Lê Văn Ba", "097070000009"]]
        with pytest.raises(ColumnsMissing) as refused:
            open_registry(_file(*rows))
        assert refused.value.conflicts == ["Số định danh cá nhân/CMND"]

        row = find_heading(rows, Vocabulary(WORDINGS, saved={"socuadoituong": "number", "socccd": ""}))
        assert row.positions["number"] == heads.index("Số của đối tượng")
        row = find_heading(rows, Vocabulary(WORDINGS, saved={"socccd": "number"}))
        assert row.positions["number"] == heads.index("Số CCCD")

    def test_of_the_decision_stays_certain_behind_a_payee(self) -> None:
        heads = ["Họ tên", "Số CCCD", "Người nhận thay", "Quan hệ", "Số QĐ", "Ngày QĐ"]
        found = find_heading([heads], Vocabulary(WORDINGS)).positions
        assert {key: found[key] for key in ("number", "decision_number", "decision_date")} == {
            "number": 1, "decision_number": 4, "decision_date": 5
        }  # fmt: skip

    def test_on_one_row_behind_a_payee_gives_way_to_the_one_behind_the_person(self) -> None:
        payee = {"Người nhận tiền": "Lê Văn Ba", "Số CCCD": "097070000009", "Quan hệ": "Giám hộ"}
        (entry,) = open_registry(_file([*payee, *PERSON], [*payee.values(), *PERSON.values()])).entries
        assert (entry.number, entry.payee_name) == ("097142000001", "Lê Văn Ba")

    @pytest.mark.parametrize(
        "text",
        ["Ký hiệu HS", "Ngày cấp CCCD", "Nơi cấp CMND", "Số CCCD người nhận thay", "CCCD chủ hộ", "Họ tên mẹ",
         "Số QĐ thôi hưởng", "Hệ số cũ"],
    )  # fmt: skip
    def test_is_not_proposed_for_the_persons_own(self, text: str) -> None:
        assert Vocabulary(WORDINGS).resembles(text, free=WORDINGS) in (
            None,
            "payee_name",
            "payee_relation",
            "payee_until",
        )
