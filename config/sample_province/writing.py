"""Write all files of a province and the manifest that tells whether they are complete and current."""

import hashlib
import json
import shutil
import sys
from pathlib import Path
from typing import Protocol

from config.sample_province.bank_files import write_account_lists, write_bank_truth
from config.sample_province.office_files import write_cash_script, write_decisions, write_reviews, write_unclaimed
from config.sample_province.province import World, build_world
from config.sample_province.register_files import write_estimates, write_population, write_units
from config.sample_province.registry_files import write_registries
from config.sample_province.truth_files import write_truth
from config.sample_province.units import PROVINCE_CODE, PROVINCE_NAME

VERSION = 2  # raise it when the same scale and seed give other bytes
MANIFEST = "manifest.json"
_FOLDERS = ("population", "registries", "decisions", "reviews", "accounts", "unclaimed", "cash", "bank", "truth")


def _write_registers(*, world: World, out: Path) -> None:
    write_units(world=world, out=out)
    write_estimates(world=world, out=out)
    write_population(world=world, out=out)


def _write_offices(*, world: World, out: Path) -> None:
    write_decisions(world=world, out=out)
    write_reviews(world=world, out=out)
    write_unclaimed(world=world, out=out)
    write_cash_script(world=world, out=out)


def _write_banks(*, world: World, out: Path) -> None:
    write_account_lists(world=world, out=out)
    write_bank_truth(world=world, out=out)


class _Step(Protocol):
    def __call__(self, *, world: World, out: Path) -> None: ...


_STEPS: tuple[tuple[str, _Step], ...] = (
    ("Đơn vị hành chính, dân cư", _write_registers),
    ("Danh sách của các xã", write_registries),
    ("Quyết định, rà soát, tiền chưa nhận", _write_offices),
    ("Danh sách tài khoản của ngân hàng", _write_banks),
    ("Số liệu đúng để kiểm thử", write_truth),
)


def generate(*, out: Path, scale: float, seed: int) -> bool:
    """Write the province into `out`, unless its manifest says it is there already; tell whether anything was written.

    Folders of an earlier province are removed first; nothing else in `out` is touched.
    """
    if _is_current(out, scale=scale, seed=seed):
        _say(f"Dữ liệu mẫu đã có sẵn: {out}")
        return False
    out.mkdir(parents=True, exist_ok=True)
    (out / MANIFEST).unlink(missing_ok=True)
    for folder in _FOLDERS:
        shutil.rmtree(out / folder, ignore_errors=True)
    _say("Dựng dân cư, hồ sơ, tài khoản")
    world = build_world(scale=scale, seed=seed)
    for label, write in _STEPS:
        _say(label)
        write(world=world, out=out)
    _write_manifest(out, scale=scale, seed=seed)
    return True


def _is_current(out: Path, *, scale: float, seed: int) -> bool:
    """The manifest is written last: if it matches and its files are there, nothing is missing."""
    path = out / MANIFEST
    if not path.is_file():
        return False
    manifest = json.loads(path.read_text(encoding="utf-8"))
    same = (manifest.get("version"), manifest.get("scale"), manifest.get("seed")) == (VERSION, scale, seed)
    return same and all((out / name).is_file() for name in manifest["sha256"])


def _write_manifest(out: Path, *, scale: float, seed: int) -> None:
    paths = [out / "units.csv", out / "estimates.json"]
    paths += [path for folder in _FOLDERS for path in sorted((out / folder).rglob("*")) if path.is_file()]
    digests = {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    body = {
        "version": VERSION,
        "scale": scale,
        "seed": seed,
        "province": {"code": PROVINCE_CODE, "name": PROVINCE_NAME},
        "sha256": digests,
    }
    (out / MANIFEST).write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
