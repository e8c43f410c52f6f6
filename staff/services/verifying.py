"""Verify what is sealed: every row as it was sealed, every seal signed by us, the chain whole up to a seal known from paper."""

from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from staff.errors import SealKeyMissing
from staff.models import HistoryRow, Seal
from staff.services.sealing import Link, blocks_between
from staff.services.verifying_tables import TableCheck

SHORTEST_EXPECTED = 12


@dataclass
class Verification:
    """What was found. `findings` are sentences, each naming a seal or a range of rows; none means that what is sealed is as it was.

    `sealed_rows` and `unsealed_rows` count the history, the two of tables the rows of append-only tables beside it.
    """

    seals: int = 0
    sealed_rows: int = 0
    unsealed_rows: int = 0
    sealed_table_rows: int = 0
    unsealed_table_rows: int = 0
    last_digest: str = ""
    findings: list[str] = field(default_factory=list)


def verify_history(*, expect: str = "") -> Verification:
    """Check the chain, every signature and every block; `expect` is a seal's digest (or its first 12 or more characters) from a report.

    Without `expect` a tail that was cut off can't be noticed: nothing in the database tells of it. Raises `SealKeyMissing` when no public
    key is known.
    """
    trusted = trusted_keys()
    found = Verification()
    before: Seal | None = None
    seen = False
    tables = TableCheck()
    for seal in Seal.objects.order_by("number").iterator(chunk_size=100):
        _check_link(seal, before=before, trusted=trusted, findings=found.findings)
        _check_rows(seal, findings=found.findings)
        tables.look_at(seal, findings=found.findings)
        seen = seen or (bool(expect) and seal.digest.startswith(expect.lower()))
        found.seals, found.sealed_rows, found.last_digest = found.seals + 1, found.sealed_rows + seal.rows, seal.digest
        before = seal
    found.unsealed_rows = HistoryRow.objects.filter(pk__gt=before.last_id if before else 0).count()
    tables.look_at_guards(findings=found.findings)
    found.sealed_table_rows, found.unsealed_table_rows = tables.rows, tables.unsealed()
    if HistoryRow.objects.filter(pk__lt=1).exists():
        found.findings.append("Nhật ký có dòng mang mã dưới 1: bị chèn.")
    if expect and len(expect) < SHORTEST_EXPECTED:
        found.findings.append(f"Mã niêm phong cần ít nhất {SHORTEST_EXPECTED} ký tự.")
    elif expect and not seen:
        found.findings.append(f"Không còn niêm phong {expect[:16]} đã in trên báo cáo: chuỗi bị cắt hoặc bị dựng lại.")
    return found


def trusted_keys() -> set[str]:
    """Public keys (hex) whose signatures count: from settings, and the one of our own key if this process holds it."""
    keys = {key.lower() for key in settings.SEAL_PUBLIC_KEYS}
    if settings.SEAL_KEY is not None:
        keys.add(Ed25519PrivateKey.from_private_bytes(settings.SEAL_KEY).public_key().public_bytes_raw().hex())
    if not keys:
        raise SealKeyMissing
    return keys


def _check_link(seal: Seal, *, before: Seal | None, trusted: set[str], findings: list[str]) -> None:
    expected = (before.number + 1, before.last_id + 1, before.digest) if before else (1, 1, "")
    if (seal.number, seal.first_id, seal.previous) != expected:
        findings.append(
            f"Niêm phong số {seal.number} không nối tiếp niêm phong trước: có niêm phong bị xóa hoặc chen vào."
        )
    link = Link(
        number=seal.number,
        first_id=seal.first_id,
        last_id=seal.last_id,
        rows=seal.rows,
        blocks=seal.blocks,
        previous=seal.previous,
        public_key=seal.public_key,
        sealed_at=seal.sealed_at,
        tables=seal.tables,
    )
    if link.digest() != seal.digest or not _signed(seal, trusted=trusted):
        findings.append(f"Niêm phong số {seal.number} không mang chữ ký của khóa niêm phong.")


def _signed(seal: Seal, *, trusted: set[str]) -> bool:
    if seal.public_key not in trusted:
        return False
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(seal.public_key))
        key.verify(bytes.fromhex(seal.signature), bytes.fromhex(seal.digest))
    except (InvalidSignature, ValueError):
        return False
    return True


def _check_rows(seal: Seal, *, findings: list[str]) -> None:
    """Block by block, so that the finding names where."""
    sealed = {(int(first), int(last)): (int(count), digest) for first, last, count, digest in seal.blocks}
    now = {(first, last): (count, digest) for first, last, count, digest in blocks_between(seal.first_id, seal.last_id)}
    for span in sorted(sealed.keys() | now.keys()):
        was, is_now = sealed.get(span, (0, "")), now.get(span, (0, ""))
        if was != is_now:
            what = "bị sửa" if was[0] == is_now[0] else f"lúc niêm phong có {was[0]}, nay có {is_now[0]}"
            findings.append(f"Nhật ký dòng {span[0]}–{span[1]} (niêm phong số {seal.number}): {what}.")
