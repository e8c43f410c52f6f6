"""The words a clerk reads: what agreed, what did not, and how much it counted."""

from collections.abc import Mapping
from typing import Any

from beneficiaries.linkage.engine.levels import LEVELS

WORDS: dict[str, dict[str, str]] = {
    "number": {
        "SAME": "số định danh trùng",
        "SLIP": "số định danh lệch một chữ số hoặc đảo hai chữ số",
        "OF_ANOTHER": "số định danh trong danh sách là của người khác",
        "UNKNOWN": "số định danh trong danh sách không có trong dữ liệu dân cư",
        "NONE": "danh sách không có số định danh 12 số",
    },
    "name": {
        "MARKED": "họ tên trùng",
        "UNMARKED": "họ tên trùng (danh sách viết không dấu)",
        "FOLDED": "họ tên trùng, khác dấu",
        "TURNED": "họ tên trùng, đảo thứ tự các chữ",
        "SHORT": "họ tên viết tắt hoặc thiếu chữ đệm",
        "LETTER": "họ tên khác một chữ cái",
        "MIDDLE": "trùng họ và tên, khác chữ đệm",
        "GIVEN": "chỉ trùng tên",
        "OTHER": "họ tên khác",
    },
    "birth": {
        "DATE": "ngày sinh trùng",
        "TURNED": "ngày và tháng sinh đảo nhau",
        "YEAR_ONLY": "năm sinh trùng (danh sách chỉ ghi năm)",
        "YEAR_DEFAULT": "năm sinh trùng (danh sách ghi 01/01)",
        "DAY_OR_MONTH": "năm sinh trùng, lệch ngày hoặc tháng",
        "YEAR": "năm sinh trùng, ngày tháng khác",
        "YEAR_TYPED": "ngày tháng trùng, năm sinh khác",
        "OTHER": "ngày sinh khác",
        "NONE": "danh sách không có ngày sinh",
    },
    "sex": {"SAME": "giới tính trùng", "OTHER": "giới tính khác"},
    "place": {"SAME": "cùng xã", "AMONG": "xã cũ nay thuộc xã này", "OTHER": "khác xã"},
    "hamlet": {"SAME": "cùng thôn", "OTHER": "khác thôn", "NONE": ""},
}
CONFLICTS = {
    "NUMBER_OF_ANOTHER": "số định danh trong danh sách là của người khác",
    "NUMBER_UNKNOWN": "số định danh trong danh sách không có trong dữ liệu dân cư",
    "YEAR_DIFFERS": "năm sinh khác hoặc không có",
    "NAME_DIFFERS": "số định danh trùng nhưng họ tên khác",
    "DECEASED": "dữ liệu dân cư ghi người này đã mất",
    "SEVERAL_FIT": "có nhiều người cùng phù hợp",
    "NAMESAKE": "chỉ trùng họ tên và năm sinh, khác thôn: có thể là người trùng tên",
    "TOO_LITTLE": "chưa đủ căn cứ để khớp tự động",
    "CLAIMED": "người này cũng khớp với hồ sơ khác, nghi trùng",
    "NOBODY": "dữ liệu dân cư không có người phù hợp",
}
PROVEN = {
    "NUMBER_NAME_DATE_SEX": ["số định danh trùng", "họ tên trùng", "ngày sinh trùng", "giới tính trùng"],
    "NUMBER_NAME_YEAR_SEX": ["số định danh trùng", "họ tên trùng", "năm sinh trùng", "giới tính trùng"],
}


def sentences(compared: Mapping[str, Any]) -> list[str]:
    """ "+14 ngày sinh trùng", "−5 khác xã": one per field of a candidate's line, whole bits; a field nobody filled in counts nothing."""
    said = []
    for field in LEVELS:
        words, bits = WORDS[field][compared[field]], round(compared[f"points_{field}"])
        if words:
            said.append(f"{bits:+d} {words}".replace("-", "−", 1) if bits else words)
    return said
