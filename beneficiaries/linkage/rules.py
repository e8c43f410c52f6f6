"""The deterministic tier: a number is no proof by itself, it needs name, birth year and sex beside it.

Prototypes on synthetic provinces: number alone 98.6-99.5 % precise, with the three beside it no wrong link (`design.md` §6).
The rule is stated once, as SQL over a registry person `b` and a resident `r` who have the same number.
"""

RULE_VERSION = "number-name-year-sex/1"

AGREES = "(b.name_key = r.name_key AND b.birth_year = r.birth_year AND b.sex = r.sex)"

# What a clerk reads, in the order of the form.
EVIDENCE = """
jsonb_build_array(
    'số định danh trùng',
    CASE WHEN b.name_key = r.name_key THEN 'họ tên trùng' ELSE 'họ tên khác' END,
    CASE WHEN b.birth_date = r.birth_date THEN 'ngày sinh trùng' WHEN b.birth_year = r.birth_year THEN 'năm sinh trùng'
         WHEN b.birth_year IS NULL THEN 'không có ngày sinh' ELSE 'năm sinh khác' END,
    CASE WHEN b.sex = r.sex THEN 'giới tính trùng' ELSE 'giới tính khác' END
)
"""
