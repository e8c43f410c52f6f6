"""What is generated or promised in the repository is true of the code."""

import re
import subprocess

import pytest
from django.core.management import call_command
from django.urls import Resolver404, resolve

from config.environment import ROOT

LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)[^)]*\)")
MONTH, CODE, NUMBER = "2024-08", "TK-971", "1"


def _tracked(*suffixes: str) -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    return [name for name in listed if name.endswith(suffixes)]


def _is_answered(method: str, address: str) -> bool:
    """Whether a view takes this method there; what stands in braces is a number, a code or a month."""
    for value in (NUMBER, CODE):
        try:
            found = resolve(re.sub(r"\{\w+\}", value, address.replace("{month}", MONTH)))
        except Resolver404:
            continue
        return hasattr(found.func.view_class, method.lower())
    return False


class TestDocuments:
    def test_the_states_are_those_of_the_code(self):
        call_command("states_doc", check=True)

    @pytest.mark.django_db(databases=["default", "owner"])
    def test_no_migration_is_missing(self):
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)

    def test_every_link_leads_somewhere(self):
        documents = _tracked(".md")
        links = [(name, link) for name in documents for link in LINK.findall((ROOT / name).read_text(encoding="utf-8"))]

        assert len(links) > 100
        assert [(name, link) for name, link in links if not ((ROOT / name).parent / link).exists()] == []

    def test_the_index_has_every_decision_once_by_its_title(self):
        decisions = [ROOT / name for name in _tracked(".md") if re.match(r"docs/adr/\d{4}-", name)]
        titles = [path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ") for path in decisions]
        index = (ROOT / "docs/adr/README.md").read_text(encoding="utf-8")
        rows = re.findall(r"^\| \[(\d+)\]\((\d{4}-[a-z0-9-]+\.md)\) \| (.+?) \|", index, flags=re.MULTILINE)

        assert sorted(f"{number}. {title}" for number, _, title in rows) == sorted(titles)
        assert sorted(name for _, name, _ in rows) == sorted(path.name for path in decisions)

    def test_every_address_of_the_api_page_exists_and_takes_its_method(self):
        said = (ROOT / "docs/api.md").read_text(encoding="utf-8")
        named = [
            (method, address)
            for methods, address in re.findall(r"`((?:GET`, `)?(?:GET|POST)) (/api/[^`\s?]*/)[?`\s]", said)
            for method in methods.split("`, `")
        ]

        assert len(named) > 150
        assert [(method, address) for method, address in named if not _is_answered(method, address)] == []

    def test_every_place_of_the_architecture_is_there(self):
        places = re.findall(r"`((?:\w+/)+[\w.]*)`", (ROOT / "docs/architecture.md").read_text(encoding="utf-8"))

        assert len(places) > 40
        assert [place for place in places if not (ROOT / place).exists() and not place.startswith("var/")] == []

    def test_rooms_stay_small(self):
        rooms = [name for name in _tracked(".py") if "/migrations/" not in name and not name.startswith("tests/")]

        assert [name for name in rooms if len((ROOT / name).read_text(encoding="utf-8").splitlines()) > 350] == []
