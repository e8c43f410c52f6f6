"""Append-only tables beside the history, checked against what the seals hold of them."""

from dataclasses import dataclass, field

from staff.models import Seal
from staff.services.sealed_tables import append_only_tables, blocks_between, columns_of, rows_after, span_of


@dataclass
class TableCheck:
    """Goes through the seals in order: `last` is the highest sealed id per table, `rows` how many rows were sealed."""

    last: dict[str, int] = field(default_factory=dict)
    rows: int = 0

    def look_at(self, seal: Seal, *, findings: list[str]) -> None:
        """Compare what one seal holds of each table with what stands there now; a finding names table, rows and seal."""
        for kept in seal.tables:
            span = span_of(kept)
            self.rows += span.rows
            if span.table in self.last and span.first != self.last[span.table] + 1:
                findings.append(f"Niêm phong số {seal.number}: bảng {span.table} không nối tiếp niêm phong trước.")
            self.last[span.table] = span.last
            gone = [name for name in span.columns if name not in columns_of(span.table)]
            if gone:
                findings.append(f"Bảng {span.table} (niêm phong số {seal.number}): không còn cột {', '.join(gone)}.")
                continue
            sealed = {(first, last): (rows, digest) for first, last, rows, digest in span.blocks}
            now = {
                (first, last): (rows, digest)
                for first, last, rows, digest in blocks_between(span.table, span.columns, span.first, span.last)
            }
            for block in sorted(sealed.keys() | now.keys()):
                was, is_now = sealed.get(block, (0, "")), now.get(block, (0, ""))
                if was != is_now:
                    what = "bị sửa" if was[0] == is_now[0] else f"lúc niêm phong có {was[0]}, nay có {is_now[0]}"
                    findings.append(f"Bảng {span.table}, mã dòng đến {block[1]} (niêm phong số {seal.number}): {what}.")

    def look_at_guards(self, *, findings: list[str]) -> None:
        """A sealed table somebody made editable again."""
        for table in sorted(self.last.keys() - set(append_only_tables())):
            findings.append(f"Bảng {table} đã niêm phong nhưng không còn được khóa chống sửa, xóa.")

    def unsealed(self) -> int:
        """Rows written since."""
        return rows_after(self.last)
