"""Splink's settings: the same levels as the engine's, stated once more in SQL that DuckDB and Spark both read."""

from typing import Any

from splink import SettingsCreator, block_on

from beneficiaries.linkage.engine.levels import LEVELS
from beneficiaries.linkage.engine.model import Model

# Left is the registry, right the extract: Splink orders its two tables by name.
REGISTRY_NAME, POPULATION_NAME = "a_registry", "b_extract"
_DAY, _MONTH = "(month_day_l % 32) = (month_day_r % 32)", "floor(month_day_l / 32) = floor(month_day_r / 32)"
CONDITIONS: dict[str, dict[str, str]] = {
    "number": {
        "NONE": "number_l IS NULL",
        "SAME": "number_l = number_r",
        "OF_ANOTHER": "number_known_l",
        "SLIP": "array_contains(slips_l, number_r)",
        "UNKNOWN": "ELSE",
    },
    "name": {
        "MARKED": "marked_l = marked_r",
        "UNMARKED": "folded_l = folded_r AND NOT has_marks_l",
        "FOLDED": "folded_l = folded_r",
        "TURNED": "bag_l = bag_r",
        "SHORT": "surname_l = surname_r AND given_l = given_r AND length_l < length_r",
        "LETTER": "levenshtein(folded_l, folded_r) <= 1",
        "MIDDLE": "surname_l = surname_r AND given_l = given_r",
        "GIVEN": "given_l = given_r",
        "OTHER": "ELSE",
    },
    "birth": {
        "NONE": "year_l IS NULL",
        "YEAR_ONLY": "day_l IS NULL AND year_l = year_r",
        "DATE": "day_l = day_r",
        "YEAR_DEFAULT": "new_year_l AND year_l = year_r",
        "TURNED": "year_l = year_r AND month_day_l = turned_day_r",
        "DAY_OR_MONTH": f"year_l = year_r AND ({_DAY} OR {_MONTH})",
        "YEAR": "year_l = year_r",
        "YEAR_TYPED": "month_day_l = month_day_r",
        "OTHER": "ELSE",
    },
    "sex": {"SAME": "female_l = female_r", "OTHER": "ELSE"},
    "place": {"SAME": "unit_l = unit_r", "AMONG": "array_contains(units_l, unit_r)", "OTHER": "ELSE"},
    "hamlet": {
        "NONE": "hamlet_l IS NULL OR hamlet_r IS NULL OR NOT array_contains(units_l, unit_r)",
        "SAME": "hamlet_l = hamlet_r",
        "OTHER": "ELSE",
    },
}
# Rare values count for more: the column and, as a level's own adjustment needs, how equal it must be.
FREQUENCIES = {
    ("name", "MARKED"): "marked", ("name", "UNMARKED"): "folded", ("name", "FOLDED"): "folded", ("name", "TURNED"): "bag",
    ("birth", "DATE"): "day", ("birth", "YEAR_ONLY"): "year", ("birth", "YEAR_DEFAULT"): "year", ("place", "SAME"): "unit",
}  # fmt: skip
BLOCKS = (
    ("number",), ("folded", "day"), ("folded", "year", "female"), ("bag", "day"), ("day", "given", "female"), ("day", "unit"),
)  # fmt: skip


def level_of(field: str, gamma: int) -> str:
    """The level's name for Splink's number of it: −1 is no value, 0 the last level, then upwards."""
    names = [name for name in CONDITIONS[field] if name != "NONE"]
    return "NONE" if gamma < 0 else names[len(names) - 1 - gamma]


def settings(*, residents: int, model: Model | None = None, label: bool = False) -> SettingsCreator:
    """Settings with the model's m and u, or without any, to be trained."""
    return SettingsCreator(
        link_type="link_only",
        unique_id_column_name="unique_id",
        probability_two_random_records_match=1.0 / residents,
        comparisons=[_comparison(field, model) for field in LEVELS],
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in BLOCKS],
        additional_columns_to_retain=["label"] if label else [],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=True,
    )


def _comparison(field: str, model: Model | None) -> dict[str, Any]:
    levels = [_level(field, name, condition, model) for name, condition in CONDITIONS[field].items()]
    return {"output_column_name": field, "comparison_levels": levels}


def _level(field: str, name: str, condition: str, model: Model | None) -> dict[str, Any]:
    level: dict[str, Any] = {"sql_condition": condition, "label_for_charts": name}
    if name == "NONE":
        return level | {"is_null_level": True}
    if model is not None:
        # Only the ratio counts; the engine's caps hold for Splink too.
        u = 0.001
        level |= {"m_probability": u * 2.0 ** model.weights[field][name], "u_probability": u}
    if column := FREQUENCIES.get((field, name)):
        level |= {"tf_adjustment_column": column, "tf_adjustment_weight": 1.0, "tf_minimum_u_value": 1e-7}
    return level
