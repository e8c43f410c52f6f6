"""A blank list for one programme: headings, a row as an example, drop-down choices, and the catalogue of its categories."""

import io

import xlsxwriter

from beneficiaries.models import BenefitCategory, Coefficient, Programme
from beneficiaries.parsers.registry_columns import COLUMNS, EXAMPLE_MARK, OPTIONAL
from beneficiaries.services.accounts.banks import PROVIDERS
from beneficiaries.services.rules.levels import UNVERIFIED

ROWS = 5_000
EXAMPLE = {
    "code": "VD-000001", "name": "Nguyễn Thị Ví Dụ", "birth": "05/09/1942", "sex": "Nữ", "number": "000000000000", "hamlet": "Thôn 1",
    "decision_number": "12/QĐ-UBND", "decision_date": "15/03/2024", "starts": "04/2024", "paid_through": "06/2024",
    "payee_relation": "Chính chủ", "note": EXAMPLE_MARK,
}  # fmt: skip
CHOICES = {
    "sex": ["Nam", "Nữ"],
    "payee_relation": ["Chính chủ", "Cha, mẹ", "Người giám hộ", "Người được ủy quyền", "Người chăm sóc"],
    "bank": list(PROVIDERS.values()),
}


def registry_template(*, programme: Programme) -> bytes:
    """The workbook (.xlsx). Dates, months and numbers are text cells, so that nothing typed is reshaped and no leading zero is lost."""
    categories = list(BenefitCategory.objects.filter(programme=programme).order_by("neutral_code"))
    dated = Coefficient.objects.filter(category__programme=programme).order_by("valid_from")
    coefficients = dict(dated.values_list("category_id", "value"))  # the latest stays
    sources = dict(dated.values_list("category_id", "legal_source"))
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    head = book.add_format({"bold": True, "text_wrap": True, "border": 1, "valign": "vcenter", "bg_color": "#E8EEF7"})
    must = book.add_format({"bold": True, "text_wrap": True, "border": 1, "valign": "vcenter", "bg_color": "#FCE8B2"})
    text, example = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", "font_color": "#808080"})
    sheet = book.add_worksheet("Danh sách")
    catalogue = book.add_worksheet("Danh mục")
    sheet.write_string(0, 0, f"DANH SÁCH ĐỐI TƯỢNG HƯỞNG: {programme.name}", book.add_format({"bold": True}))
    sheet.write_string(1, 0, "Cột nền vàng bắt buộc. Ngày ghi ngày/tháng/năm, tháng ghi tháng/năm. Mỗi hồ sơ một dòng.")
    first = categories[0] if categories else None
    values = {
        **EXAMPLE,
        "programme": programme.code,
        "category": first.neutral_code if first else "",
        "coefficient": f"{coefficients.get(first.pk, 1):f}".replace(".", ",") if first else "1",
    }
    for column, (key, label) in enumerate(COLUMNS.items()):
        sheet.write_string(2, column, label, head if key in OPTIONAL else must)
        sheet.set_column(column, column, max(12, len(label)), text)
        sheet.write_string(3, column, values.get(key, ""), example)
        source: list[str] | str | None = CHOICES.get(key)
        if key == "programme":
            source = [programme.code]
        elif key == "category" and categories:
            source = f"='Danh mục'!$A$2:$A${len(categories) + 1}"
        if source:
            sheet.data_validation(
                3,
                column,
                ROWS,
                column,
                {
                    "validate": "list",
                    "source": source,
                    "error_title": label,
                    "error_message": "Mời chọn trong danh mục.",
                },
            )
    sheet.freeze_panes(3, 2)
    for column, label in enumerate(("Mã nhóm", "Tên nhóm đối tượng", "Hệ số", "Căn cứ pháp lý")):
        catalogue.write_string(0, column, label, head)
    for at, category in enumerate(categories, start=1):
        catalogue.write_string(at, 0, category.neutral_code)
        catalogue.write_string(at, 1, "" if category.sensitive else category.name)
        catalogue.write_string(at, 2, f"{coefficients.get(category.pk, 1):f}".replace(".", ","))
        catalogue.write_string(at, 3, sources.get(category.pk) or UNVERIFIED)
    catalogue.set_column(0, 0, 16)
    catalogue.set_column(1, 1, 80)
    catalogue.set_column(3, 3, 50)
    book.close()
    return stream.getvalue()
