import json
from pathlib import Path

from config.sample_province.__main__ import main
from config.sample_province.writing import generate


def digests(out: Path) -> dict[str, str]:
    return json.loads((out / "manifest.json").read_text(encoding="utf-8"))["sha256"]


class TestGenerating:
    def test_the_same_seed_gives_the_same_bytes(self, small_sample: Path, tmp_path: Path):
        generate(out=tmp_path / "again", scale=0.02, seed=2024)

        assert digests(tmp_path / "again") == digests(small_sample)

    def test_another_seed_gives_other_people_and_its_own_figures(self, small_sample: Path, tmp_path: Path):
        generate(out=tmp_path / "other", scale=0.02, seed=7)

        same = {
            name for name, digest in digests(tmp_path / "other").items() if digests(small_sample).get(name) == digest
        }
        assert "population/dan_cu.csv" not in same
        assert "truth/truth.json" not in same

    def test_a_complete_province_is_left_alone(self, small_sample: Path):
        assert generate(out=small_sample, scale=0.02, seed=2024) is False

    def test_a_missing_file_or_another_scale_is_written_again(self, tmp_path: Path):
        generate(out=tmp_path, scale=0.005, seed=3)
        (tmp_path / "bank" / "accounts.csv").unlink()

        assert generate(out=tmp_path, scale=0.005, seed=3) is True
        assert generate(out=tmp_path, scale=0.006, seed=3) is True
        assert (tmp_path / "bank" / "accounts.csv").is_file()

    def test_the_command_line_writes_a_province(self, tmp_path: Path):
        assert main(["--out", str(tmp_path), "--scale", "0.005", "--seed", "5"]) == 0

        assert json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["scale"] == 0.005
