"""Codes of matching as staff read them: versions of the model, and what a link rests on."""

from beneficiaries.services.identity.audit_samples import DECOY

SHIPPED_AS = "points/"  # versions that come with the product are numbered; others have names people gave
RULES = {
    "NUMBER_NAME_DATE_SEX": "Số định danh, họ tên, ngày sinh, giới tính",
    "NUMBER_NAME_YEAR_SEX": "Số định danh, họ tên, năm sinh, giới tính",
    "POINTS_NUMBER": "Số định danh cùng các thông tin gần đúng",
    "POINTS_BIRTH": "Họ tên và ngày sinh đầy đủ",
    "POINTS_WEAK": "Họ tên và thông tin chưa đầy đủ",
    DECOY: "Cặp đối chứng: hai người khác nhau",
}


def called(version: str) -> str:
    """ "points/2" → “Bộ điểm số 2 (kèm phần mềm)”; a name somebody gave stays."""
    number = version.removeprefix(SHIPPED_AS)
    return f"Bộ điểm số {number} (kèm phần mềm)" if version.startswith(SHIPPED_AS) and number.isdecimal() else version


def rule_in_words(stratum: str) -> str:
    """A rule, or a rule and its band of bits ("POINTS_BIRTH/12")."""
    rule, _, bits = stratum.partition("/")
    return RULES.get(rule, rule) + (f" (từ {bits} bit căn cứ)" if bits else "")
