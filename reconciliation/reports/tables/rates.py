"""The headline rates, each with numerator and denominator, and the list of what every figure means."""

from reconciliation.reports.tables.table import Column, Figures, Kind, Line, Table, rate

_RATE_COLUMNS = (
    Column("A", "STT", Kind.ORDINAL, 5),
    Column("B", "Tỷ lệ", Kind.TEXT, 27),
    Column("C", "Cách tính", Kind.TEXT, 39),
    Column("(1)", "Tử số", Kind.MONEY, 16),
    Column("(2)", "Mẫu số", Kind.MONEY, 16),
    Column("(3)=(1)/(2)×100", "Tỷ lệ (%)", Kind.PERCENT, 10),
)
_DEFINITION_COLUMNS = (
    Column("A", "STT", Kind.ORDINAL, 6),
    Column("B", "Chỉ tiêu", Kind.TEXT, 32),
    Column("C", "Cách tính", Kind.TEXT, 62),
)


def rate_table(figures: Figures) -> Table:
    """The rates of the definitions' order, people and money side by side."""
    rates = figures["rates"]
    named = [definition for definition in figures["definitions"] if definition["numerator"]]
    lines = tuple(
        Line(
            "line",
            (
                str(ordinal), definition["official"], definition["how"], rates[definition["key"]]["numerator"], rates[definition["key"]]["denominator"],
                rate(rates[definition["key"]]["numerator"], rates[definition["key"]]["denominator"]),
            ),
        )
        for ordinal, definition in enumerate(named, start=1)
    )  # fmt: skip
    return Table(key="Các tỷ lệ", title="Các tỷ lệ chính, tử số, mẫu số", columns=_RATE_COLUMNS, lines=lines)


def definition_table(figures: Figures) -> Table:
    """How each figure is counted, as frozen with the figures; the rates say it beside their numbers."""
    counted = [definition for definition in figures["definitions"] if not definition["numerator"]]
    lines = tuple(
        Line("line", (str(ordinal), definition["official"], definition["how"]))
        for ordinal, definition in enumerate(counted, start=1)
    )
    return Table(
        key="Cách tính",
        title="Cách tính các số liệu",
        columns=_DEFINITION_COLUMNS,
        lines=lines,
        unit_line="",
        landscape=True,
        starts_page=False,
    )
