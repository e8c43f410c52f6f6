"""From points to decisions: linked, shown to a person, or nobody found. Doubt is always a person's, never a coin's."""

import math

import polars as pl

from beneficiaries.linkage.engine.levels import LEVELS, YEAR_AGREES
from beneficiaries.linkage.engine.model import Model
from beneficiaries.linkage.engine.tables import Band

SHOWN = 3
SMALLEST_HAYSTACK = 1 << 17  # an extract of ten residents is no proof that the person is not the eleventh
SUPPORTED_BY_NUMBER = ("SAME", "SLIP")
YEAR_WITHOUT_DATE = ("YEAR_ONLY", "YEAR_DEFAULT", "TURNED")  # nothing typed speaks against the resident's date
USUAL_STRANGERS = 0.02  # share of listed people not in the extract for which the thresholds were set
WHOLE_NAME = ("MARKED", "UNMARKED", "FOLDED")
ELSEWHERE_BITS = 1.0  # asked beside where no number and another commune: of 157 links so weak on tuning seeds, three were of namesakes
SAME_NAME = ("MARKED", "UNMARKED", "FOLDED", "TURNED", "SHORT", "LETTER")


def haystack(residents: int) -> float:
    """Bits that evidence must outweigh before it says anything: one of so many residents is meant."""
    return math.log2(max(residents, SMALLEST_HAYSTACK))


def strangers_bits(strangers: float) -> float:
    """Bits asked beside: where more of the people listed are not in the extract at all, more who fit are namesakes of them.

    Twice the odds: such a register has proved, on the tuning seeds, to err more in everything else too.
    """
    return round(min(max(2 * math.log2(strangers / USUAL_STRANGERS), 0.0), 6.0), 1)


def ranked(pairs: pl.DataFrame) -> pl.DataFrame:
    """The best `SHOWN` candidates of each row with rank, and of the first its margin over the second."""
    ordered = pairs.sort(["r", "points", "p"], descending=[False, True, False])
    ordered = ordered.with_columns(
        rank=pl.int_range(1, pl.len() + 1).over("r").cast(pl.Int32),
        margin=(pl.col("points") - pl.col("points").shift(-1).over("r")).round(1),
    )
    return ordered.filter(pl.col("rank") <= SHOWN)


def judged(best: pl.DataFrame, *, residents: int, strangers: float, model: Model) -> pl.DataFrame:
    """For the best candidate of each row (with `deceased`, `number_owner_agrees`, `new_year`): band, rule and, if it is not AUTO, why."""
    asked, sure = model.thresholds, pl.col("points") - haystack(residents)
    by_number = pl.col("number").is_in(SUPPORTED_BY_NUMBER)
    by_birth = _by_birth()
    weak = ~by_number & ~by_birth
    namesake = weak & ((pl.col("hamlet") == "OTHER") | ~pl.col("birth").is_in((*YEAR_WITHOUT_DATE, "DATE")))
    elsewhere = _doubt(model, "NAMESAKE", pl.col("place") == "OTHER")
    near = ~by_number & (pl.col("name") == "LETTER")  # a letter apart is what brothers and twins are called too
    threshold = (
        pl.when(by_number).then(asked.number)
        .when(by_birth).then(asked.birth + pl.when(elsewhere).then(ELSEWHERE_BITS).otherwise(0.0))
        .when(pl.col("hamlet") == "SAME").then(asked.weak).otherwise(asked.weak_unplaced)
    ) + pl.when(by_number).then(0.0).otherwise(strangers_bits(strangers))  # fmt: skip
    margin = pl.when(weak).then(asked.weak_margin).otherwise(asked.margin)
    conflict = (
        pl.when(_doubt(model, "NUMBER_OF_ANOTHER", (pl.col("number") == "OF_ANOTHER") | ~pl.col("number_owner_agrees"))).then(pl.lit("NUMBER_OF_ANOTHER"))
        .when(_doubt(model, "YEAR_DIFFERS", ~pl.col("birth").is_in(YEAR_AGREES))).then(pl.lit("YEAR_DIFFERS"))
        .when(_doubt(model, "NAME_DIFFERS", by_number & ~pl.col("name").is_in(SAME_NAME))).then(pl.lit("NAME_DIFFERS"))
        .when(_doubt(model, "DECEASED", pl.col("deceased"))).then(pl.lit("DECEASED"))
        .when(_doubt(model, "NUMBER_UNKNOWN", (pl.col("number") == "UNKNOWN") & (weak | ~pl.col("name").is_in(WHOLE_NAME)))).then(pl.lit("NUMBER_UNKNOWN"))
        .when(pl.col("margin").fill_null(math.inf) < margin).then(pl.lit("SEVERAL_FIT"))
        .when(_doubt(model, "NAMESAKE", namesake)).then(pl.lit("NAMESAKE"))
        .when((sure < threshold) | _doubt(model, "NAME_DIFFERS", ~pl.col("name").is_in(SAME_NAME) | near)).then(pl.lit("TOO_LITTLE"))
        .otherwise(pl.lit(""))
    )  # fmt: skip
    rule = pl.when(by_number).then(pl.lit("POINTS_NUMBER")).when(by_birth).then(pl.lit("POINTS_BIRTH")).otherwise(pl.lit("POINTS_WEAK"))  # fmt: skip
    shown = (sure >= asked.review) | (pl.col("number") == "SAME") | ~pl.col("number_owner_agrees")
    return best.with_columns(conflict=conflict, rule=rule).with_columns(
        band=pl.when(pl.col("conflict") == "").then(pl.lit(Band.AUTO.value))
        .when(shown).then(pl.lit(Band.REVIEW.value))
        .otherwise(pl.lit(Band.NONE.value))
    )  # fmt: skip


def _doubt(model: Model, name: str, found: pl.Expr) -> pl.Expr:
    return found if name in model.doubts else pl.lit(value=False)


def owners_agree(levels: pl.DataFrame) -> pl.DataFrame:
    """Rows (r) whose number is in the extract, and whether its owner has the name and birth year typed."""
    owners = levels.filter(pl.col("number") == "SAME")
    agrees = pl.col("name").is_in(SAME_NAME) & pl.col("birth").is_in(YEAR_AGREES)
    return owners.select("r", number_owner_agrees=agrees)


def without_claims(best: pl.DataFrame, taken: pl.DataFrame) -> pl.DataFrame:
    """A resident whom another row holds or claims is given to nobody on weak evidence before a person has looked.

    A row whose own evidence tells people apart (`told_apart`) keeps the link: it is the same person listed once more, and stands beside
    the other row as `same_as`.
    """
    automatic = pl.col("band") == Band.AUTO.value
    rival = (automatic.sum().over("p") > 1) | pl.col("p").is_in(taken["p"].implode())
    claimed = automatic & rival & ~told_apart()
    return best.with_columns(
        conflict=pl.when(claimed).then(pl.lit("CLAIMED")).otherwise("conflict"),
        band=pl.when(claimed).then(pl.lit(Band.REVIEW.value)).otherwise("band"),
    )


def told_apart() -> pl.Expr:
    """Whole name, sex and commune beside the number itself, or beside the full date and no other number: not even twins share that."""
    named = pl.col("name").is_in(WHOLE_NAME) & (pl.col("sex") == "SAME") & pl.col("place").is_in(("SAME", "AMONG"))
    return named & ((pl.col("number") == "SAME") | ((pl.col("number") == "NONE") & _by_birth()))


def _by_birth() -> pl.Expr:
    """A full date, not the first of January: that is often nobody's birthday."""
    return (pl.col("birth") == "DATE") & ~pl.col("new_year").fill_null(False)


def with_heads(linked: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """`linked` (r, p, rule) with `head`: the row that stands for the person where several rows are one resident.

    Whoever held the resident before stands for all, else a proven row, else the first.
    """
    proven = ~pl.col("rule").str.starts_with("POINTS")
    first = linked.sort("r").group_by("p").agg(first=pl.col("r").min(), proven=pl.col("r").filter(proven).min())
    heads = first.join(held.group_by("p").agg(held=pl.col("r").min()), on="p", how="left")
    return linked.join(heads.select("p", head=pl.coalesce("held", "proven", "first")), on="p").sort("r")


FIELDS = [*LEVELS, *(f"points_{field}" for field in LEVELS)]
