"""What is generated or promised in the repository is true of the code."""

import re
import subprocess

import pytest
from django.core.management import call_command

from config.environment import ROOT


def _tracked(*suffixes: str) -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    return [name for name in listed if name.endswith(suffixes)]


class TestDocuments:
    def test_the_states_are_those_of_the_code(self):
        call_command("states_doc", check=True)

    @pytest.mark.django_db(databases=["default", "owner"])
    def test_no_migration_is_missing(self):
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)

    def test_every_link_of_the_readme_leads_somewhere(self):
        links = re.findall(r"\]\(([^)#]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))

        assert [link for link in links if not (ROOT / link).exists()] == []

    def test_every_place_of_the_architecture_is_there(self):
        places = re.findall(r"`((?:\w+/)+[\w.]*)`", (ROOT / "docs/architecture.md").read_text(encoding="utf-8"))

        assert len(places) > 40
        assert [place for place in places if not (ROOT / place).exists() and not place.startswith("var/")] == []

    def test_rooms_stay_small(self):
        rooms = [name for name in _tracked(".py") if "/migrations/" not in name and not name.startswith("tests/")]

        assert [name for name in rooms if len((ROOT / name).read_text(encoding="utf-8").splitlines()) > 350] == []
