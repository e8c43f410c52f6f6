"""How far a pair agrees, field by field: one level each. What a level is worth stands in the model, what it is called in `evidence`."""

from collections.abc import Sequence

import polars as pl
from rapidfuzz.distance import DamerauLevenshtein

from beneficiaries.linkage.engine.coding import Coded

NUMBER = ("SAME", "SLIP", "OF_ANOTHER", "UNKNOWN", "NONE")
NAME = ("MARKED", "UNMARKED", "FOLDED", "TURNED", "SHORT", "LETTER", "MIDDLE", "GIVEN", "OTHER")
BIRTH = ("DATE", "TURNED", "YEAR_ONLY", "YEAR_DEFAULT", "DAY_OR_MONTH", "YEAR", "YEAR_TYPED", "OTHER", "NONE")
SEX = ("SAME", "OTHER")
PLACE = ("SAME", "AMONG", "OTHER")
HAMLET = ("SAME", "OTHER", "NONE")
LEVELS: dict[str, tuple[str, ...]] = {
    "number": NUMBER, "name": NAME, "birth": BIRTH, "sex": SEX, "place": PLACE, "hamlet": HAMLET,
}  # fmt: skip
# The resident's birth year is the one typed.
YEAR_AGREES = ("DATE", "TURNED", "YEAR_ONLY", "YEAR_DEFAULT", "DAY_OR_MONTH", "YEAR")

_LEFT = (
    "r", "number", "full_number", "folded", "marked", "bag", "spelling", "has_marks", "day", "year", "month_day", "new_year", "female", "hamlet",
)  # fmt: skip
_RIGHT = (
    "p", "number", "folded", "marked", "bag", "spelling", "day", "year", "month_day", "day_month", "female", "unit", "hamlet",
)  # fmt: skip


def level_table(pairs: pl.DataFrame, coded: Coded, near: pl.DataFrame, extra: Sequence[str] = ()) -> pl.DataFrame:
    """`pairs` (r, p) with a level per field, as words of `LEVELS`, and the codes frequencies are looked up by."""
    both = pairs.join(coded.rows.select(*_LEFT, *extra), on="r").join(
        coded.people.select(*_RIGHT, *extra), on="p", suffix="_of"
    )
    both = _with_slips(_with_places(both, coded), near)
    both = both.with_columns(number_known=pl.col("number").is_in(coded.people["number"].implode()))
    both = _with_names(both, coded)
    return both.select(
        "r", "p",
        number=_number(), name="name", birth=_birth(), sex=_sex(), place="place", hamlet=_hamlet(),
        folded="folded_of", marked="marked_of", day="day_of", year="year_of", unit_share="unit_share", new_year="new_year",
        **{column: _equal(column) for column in extra}, **{f"{column}_of": f"{column}_of" for column in extra},
    )  # fmt: skip


def _with_places(both: pl.DataFrame, coded: Coded) -> pl.DataFrame:
    """Whether the resident lives in a commune the row may speak of, and how many of all residents do."""
    shares = coded.people["unit"].value_counts().with_columns(share=pl.col("count") / coded.people.height)
    sizes = (
        coded.units.join(shares.select("unit", "share"), on="unit", how="left")
        .group_by("r")
        .agg(several=pl.len() > 1, unit_share=pl.col("share").fill_null(0).sum())
    )
    named = coded.units.with_columns(within=pl.lit(True))
    both = both.join(sizes, on="r", how="left").join(named, on=["r", "unit"], how="left")
    place = pl.when(pl.col("within").is_null()).then(pl.lit("OTHER"))
    return both.with_columns(place=place.when(pl.col("several")).then(pl.lit("AMONG")).otherwise(pl.lit("SAME")))


def _with_slips(both: pl.DataFrame, near: pl.DataFrame) -> pl.DataFrame:
    slips = near.unique().with_columns(slip=pl.lit(True))
    return both.join(slips, left_on=["number", "number_of"], right_on=["number", "near"], how="left")


def _number() -> pl.Expr:
    same = pl.col("number") == pl.col("number_of")
    return (
        pl.when(pl.col("number").is_null() | ~pl.col("full_number")).then(pl.lit("NONE"))
        .when(same).then(pl.lit("SAME"))
        .when(pl.col("number_known")).then(pl.lit("OF_ANOTHER"))
        .when(pl.col("slip")).then(pl.lit("SLIP"))
        .otherwise(pl.lit("UNKNOWN"))
    )  # fmt: skip


def _birth() -> pl.Expr:
    year_same = pl.col("year") == pl.col("year_of")
    day, month = pl.col("month_day") % 32, pl.col("month_day") // 32
    day_of, month_of = pl.col("month_day_of") % 32, pl.col("month_day_of") // 32
    return (
        pl.when(pl.col("year").is_null()).then(pl.lit("NONE"))
        .when(pl.col("day").is_null()).then(pl.when(year_same).then(pl.lit("YEAR_ONLY")).otherwise(pl.lit("OTHER")))
        .when(pl.col("day") == pl.col("day_of")).then(pl.lit("DATE"))
        .when(year_same & pl.col("new_year")).then(pl.lit("YEAR_DEFAULT"))
        .when(year_same & (pl.col("month_day") == pl.col("day_month"))).then(pl.lit("TURNED"))
        .when(year_same & ((day == day_of) | (month == month_of))).then(pl.lit("DAY_OR_MONTH"))
        .when(year_same).then(pl.lit("YEAR"))
        .when(pl.col("month_day") == pl.col("month_day_of")).then(pl.lit("YEAR_TYPED"))
        .otherwise(pl.lit("OTHER"))
    )  # fmt: skip


def _sex() -> pl.Expr:
    return pl.when(pl.col("female") == pl.col("female_of")).then(pl.lit("SAME")).otherwise(pl.lit("OTHER"))


def _equal(column: str) -> pl.Expr:
    one, other = pl.col(column), pl.col(f"{column}_of")
    return (
        pl.when(one.is_null() | other.is_null()).then(pl.lit("NONE"))
        .when(one == other).then(pl.lit("SAME")).otherwise(pl.lit("OTHER"))
    )  # fmt: skip


def _hamlet() -> pl.Expr:
    unknown = (pl.col("place") == "OTHER") | pl.col("hamlet").is_null() | pl.col("hamlet_of").is_null()
    same = pl.col("hamlet") == pl.col("hamlet_of")
    return pl.when(unknown).then(pl.lit("NONE")).when(same).then(pl.lit("SAME")).otherwise(pl.lit("OTHER"))


def _with_names(both: pl.DataFrame, coded: Coded) -> pl.DataFrame:
    """Names that are not equal as keys are compared word by word, each distinct pair of spellings once."""
    folded = pl.col("folded") == pl.col("folded_of")
    both = both.with_columns(
        quick=pl.when(pl.col("marked") == pl.col("marked_of")).then(pl.lit("MARKED"))
        .when(folded & ~pl.col("has_marks")).then(pl.lit("UNMARKED"))
        .when(folded).then(pl.lit("FOLDED"))
        .when(pl.col("bag") == pl.col("bag_of")).then(pl.lit("TURNED"))
    )  # fmt: skip
    unlike = both.filter(pl.col("quick").is_null()).select("spelling", "spelling_of").unique()
    words = coded.words["words"]
    named, real = words.gather(unlike["spelling"]).to_list(), words.gather(unlike["spelling_of"]).to_list()
    compared = unlike.with_columns(
        slow=pl.Series([unlike_names(one, other) for one, other in zip(named, real, strict=True)], dtype=pl.String)
    )
    both = both.join(compared, on=["spelling", "spelling_of"], how="left")
    return both.with_columns(name=pl.coalesce("quick", "slow"))


def unlike_names(typed: str, registered: str) -> str:
    """The level of two names that differ, each as folded words."""
    one, other = typed.split(), registered.split()
    if not one or not other:
        return "OTHER"
    if one[0] == other[0] and one[-1] == other[-1] and len(one) > 1 and _shortened(one[1:-1], other[1:-1]):
        return "SHORT"
    if DamerauLevenshtein.distance("".join(one), "".join(other), score_cutoff=1) <= 1:
        return "LETTER"
    if one[-1] != other[-1]:
        return "OTHER"
    return "MIDDLE" if one[0] == other[0] else "GIVEN"


def _shortened(middle: list[str], whole: list[str]) -> bool:
    """ "N. T. Lan" or "Nguyễn Lan" for Nguyễn Thị Lan: each middle word left is the whole word or its first letter."""
    rest = iter(whole)
    return all(any(word == part or (len(word) == 1 and part.startswith(word)) for part in rest) for word in middle)
