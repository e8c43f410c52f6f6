"""Reference data every installation starts with: programmes, categories, coefficients, standard amounts, with their legal sources.

All of it is dated data: a new decree is a new row. Sources: Decree 20/2021/NĐ-CP art. 6 and 20, Decree 76/2024/NĐ-CP (social assistance);
Decree 75/2021/NĐ-CP (levels of martyrs' families and heroic mothers), Decree 55/2023/NĐ-CP and Decree 77/2024/NĐ-CP (people with merit);
Decree 176/2025/NĐ-CP (social pension). The other NCC levels stand for sample purposes until the annex is loaded.
"""

from datetime import date
from decimal import Decimal

from django.db import transaction

from beneficiaries.models import BenefitCategory, Coefficient, Programme, StandardAmount
from beneficiaries.services.rules.rules_reference import load_rules

PROGRAMMES = [
    ("TCXH", "Trợ cấp xã hội hằng tháng", "Ngân sách địa phương"),
    ("CSND", "Kinh phí chăm sóc, nuôi dưỡng hằng tháng", "Ngân sách địa phương"),
    ("NCC", "Trợ cấp ưu đãi người có công", "Ngân sách trung ương"),
    ("HTXH", "Trợ cấp hưu trí xã hội", "Ngân sách địa phương"),
]
STANDARD_AMOUNTS = [
    ("TCXH", 360_000, date(2021, 7, 1), date(2021, 3, 15), "Nghị định 20/2021/NĐ-CP"),
    ("CSND", 360_000, date(2021, 7, 1), date(2021, 3, 15), "Nghị định 20/2021/NĐ-CP"),
    ("TCXH", 500_000, date(2024, 7, 1), date(2024, 7, 1), "Nghị định 76/2024/NĐ-CP"),
    ("CSND", 500_000, date(2024, 7, 1), date(2024, 7, 1), "Nghị định 76/2024/NĐ-CP"),
    ("NCC", 2_055_000, date(2023, 7, 1), date(2023, 7, 21), "Nghị định 55/2023/NĐ-CP"),
    ("NCC", 2_789_000, date(2024, 7, 1), date(2024, 7, 1), "Nghị định 77/2024/NĐ-CP"),
    ("HTXH", 500_000, date(2025, 7, 1), date(2025, 6, 30), "Nghị định 176/2025/NĐ-CP"),
]
# programme, code, printed code, coefficient, name
CATEGORIES = [
    ("TCXH", "TE-KNND-4", "TE-KNND-4", "2.5", "Trẻ em không có nguồn nuôi dưỡng, dưới 4 tuổi"),
    ("TCXH", "TE-KNND-16", "TE-KNND-16", "1.5", "Trẻ em không có nguồn nuôi dưỡng, từ đủ 4 đến dưới 16 tuổi"),
    ("TCXH", "SV-16-22", "SV-16-22", "1.5", "Người từ 16 đến 22 tuổi đang học"),
    ("TCXH", "TE-HIV-4", "N01", "2.5", "Trẻ em nhiễm HIV thuộc hộ nghèo, dưới 4 tuổi"),
    ("TCXH", "TE-HIV-16", "N02", "2.0", "Trẻ em nhiễm HIV thuộc hộ nghèo, từ đủ 4 đến dưới 16 tuổi"),
    ("TCXH", "DT-CON", "DT-CON", "1.0", "Người đơn thân nghèo đang nuôi con"),
    ("TCXH", "CT-60", "CT-60", "1.5", "Người cao tuổi nghèo không có người phụng dưỡng, từ đủ 60 đến dưới 80 tuổi"),
    ("TCXH", "CT-80", "CT-80", "2.0", "Người cao tuổi nghèo không có người phụng dưỡng, từ đủ 80 tuổi"),
    (
        "TCXH",
        "DT-75",
        "DT-75",
        "1.0",
        "Người từ đủ 75 đến dưới 80 tuổi, hộ nghèo, cận nghèo ở địa bàn đặc biệt khó khăn",
    ),
    ("TCXH", "CT-80-KLH", "CT-80-KLH", "1.0", "Người từ đủ 80 tuổi không có lương hưu, trợ cấp hằng tháng"),
    ("TCXH", "CT-CSXH", "CT-CSXH", "3.0", "Người cao tuổi đủ điều kiện vào cơ sở, được chăm sóc tại cộng đồng"),
    ("TCXH", "KTDBN-NL", "KTDBN-NL", "2.0", "Người khuyết tật đặc biệt nặng"),
    ("TCXH", "KTDBN-TE", "KTDBN-TE", "2.5", "Trẻ em, người cao tuổi khuyết tật đặc biệt nặng"),
    ("TCXH", "KTN-NL", "KTN-NL", "1.5", "Người khuyết tật nặng"),
    ("TCXH", "KTN-TE", "KTN-TE", "2.0", "Trẻ em, người cao tuổi khuyết tật nặng"),
    ("TCXH", "TE-3", "TE-3", "1.5", "Trẻ em dưới 3 tuổi, hộ nghèo, cận nghèo ở địa bàn đặc biệt khó khăn"),
    ("TCXH", "HIV-NGHEO", "N03", "1.5", "Người nhiễm HIV thuộc hộ nghèo không có nguồn thu nhập"),
    ("CSND", "CSND-1", "CSND-1", "1.0", "Hộ chăm sóc người khuyết tật đặc biệt nặng"),
    ("NCC", "TB-1", "TB-1", "1.2", "Thương binh"),
    ("NCC", "BB-1", "BB-1", "1.0", "Bệnh binh"),
    ("NCC", "TNLS", "TNLS", "0.6", "Thân nhân liệt sĩ"),
    ("NCC", "TNLS-1", "TNLS-1", "1.0", "Thân nhân của một liệt sĩ"),
    ("NCC", "TNLS-2", "TNLS-2", "2.0", "Thân nhân của hai liệt sĩ"),
    ("NCC", "TNLS-3", "TNLS-3", "3.0", "Thân nhân của ba liệt sĩ trở lên"),
    ("NCC", "BMVNAH", "BMVNAH", "3.0", "Bà mẹ Việt Nam anh hùng"),
    ("HTXH", "HT-75", "HT-75", "1.0", "Người từ đủ 75 tuổi không hưởng lương hưu, trợ cấp bảo hiểm xã hội hằng tháng"),
    (
        "HTXH",
        "HT-70",
        "HT-70",
        "1.0",
        "Người từ đủ 70 đến dưới 75 tuổi thuộc hộ nghèo, cận nghèo, không hưởng lương hưu",
    ),
]
COEFFICIENTS_FROM = date(2021, 7, 1)
# The legal source of each coefficient; the levels of NCC not named here wait for the annex of Decree 75/2021/NĐ-CP.
SOURCES = {
    "TCXH": "Nghị định 20/2021/NĐ-CP, điều 6",
    "CSND": "Nghị định 20/2021/NĐ-CP, điều 20",
    "HTXH": "Nghị định 176/2025/NĐ-CP",
}
SOURCES_OF_LEVELS = dict.fromkeys(("TNLS-1", "TNLS-2", "TNLS-3", "BMVNAH"), "Nghị định 75/2021/NĐ-CP")
# Replaced by the social pension (Decree 176/2025/NĐ-CP): nobody new from July 2025; who has it keeps it until a decision says otherwise.
BESIDE_INSURANCE = {"HT-75": "LOWER", "HT-70": "LOWER", "CT-80-KLH": "NEVER"}
# Decree 20/2021/NĐ-CP art. 6: 1.0 for each child.
PER_DEPENDANT = frozenset({"DT-CON"})
LAST_GRANT_MONTHS = dict.fromkeys(("DT-75", "CT-80-KLH"), date(2025, 6, 1))


@transaction.atomic
def load_reference() -> None:
    """Add what is missing; running it again changes nothing."""
    programmes = {
        code: Programme.objects.get_or_create(
            code=code, defaults={"name": name, "budget_source": source, "several_grounds": code == "NCC"}
        )[0]
        for code, name, source in PROGRAMMES
    }
    for programme, amount, valid_from, known_on, source in STANDARD_AMOUNTS:
        StandardAmount.objects.get_or_create(
            programme=programmes[programme],
            valid_from=valid_from,
            defaults={"amount": amount, "known_on": known_on, "legal_source": source},
        )
    for programme, code, printed, coefficient, name in CATEGORIES:
        category, _ = BenefitCategory.objects.get_or_create(
            code=code,
            defaults={
                "programme": programmes[programme],
                "neutral_code": printed,
                "name": name,
                "sensitive": code != printed,
                "per_dependant": code in PER_DEPENDANT,
                "beside_insurance": BESIDE_INSURANCE.get(code, "ALLOWED"),
            },
        )
        _complete(category, programme=programme)
        source = SOURCES_OF_LEVELS.get(code) or SOURCES.get(programme, "")
        Coefficient.objects.get_or_create(
            category=category,
            valid_from=COEFFICIENTS_FROM,
            defaults={"value": Decimal(coefficient), "legal_source": source},
        )
    load_rules()


def _complete(category: BenefitCategory, *, programme: str) -> None:
    """What an installation made before these were known lacks; what somebody wrote themselves stays."""
    source = SOURCES_OF_LEVELS.get(category.code) or SOURCES.get(programme, "")
    last = LAST_GRANT_MONTHS.get(category.code)
    mine = BenefitCategory.objects.filter(pk=category.pk)
    if source and not category.legal_source:
        mine.update(legal_source=source)
    if (beside := BESIDE_INSURANCE.get(category.code)) and category.beside_insurance == "ALLOWED":
        mine.update(beside_insurance=beside)
    if category.code in PER_DEPENDANT and not category.per_dependant:
        mine.update(per_dependant=True)
    if last is not None and category.last_grant_month is None:
        mine.update(last_grant_month=last)
