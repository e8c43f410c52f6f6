"""What the clerk's guide tells people to type or to call exists: every command, every option, every address with its method."""

import re
import shlex
from argparse import ArgumentParser

import pytest
from django.core.management import get_commands, load_command_class
from django.urls import Resolver404, resolve

from config.environment import ROOT

GUIDE = "docs/huong-dan.md"
DOCUMENTS = [GUIDE, "README.md", "docs/operations.md"]
IN_CODE = re.compile(r"`([^`\n]+)`")


def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def commands(document: str) -> list[tuple[str, list[str]]]:
    said = [piece for piece in IN_CODE.findall(text_of(document)) if re.search(r"manage\.py [a-z]", piece)]
    found = [re.search(r"manage\.py ([a-z_]+)(.*)", piece) for piece in said]
    return [(match[1], re.findall(r"(?<=\s)--[a-z-]+", match[2])) for match in found if match]


def parser_of(command: str) -> ArgumentParser:
    return load_command_class(get_commands()[command], command).create_parser("manage.py", command)


def options_of(parser: ArgumentParser) -> set[str]:
    """Those of sub-commands too."""
    own = {option for action in parser._actions for option in action.option_strings}
    subs = [sub for action in parser._actions if isinstance(action.choices, dict) for sub in action.choices.values()]
    return own.union(*(options_of(sub) for sub in subs))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_and_their_options_exist(document):
    named = commands(document)
    assert named
    assert {name for name, _ in named} - set(get_commands()) == set()
    unknown = {(name, option) for name, options in named for option in set(options) - options_of(parser_of(name))}
    assert unknown == set()


def test_commands_of_the_guide_can_be_typed_as_they_stand():
    typed = [piece.partition("manage.py ")[2] for piece in IN_CODE.findall(text_of(GUIDE)) if "manage.py " in piece]
    lines = [shlex.split(line) for line in typed if "…" not in line and not line.endswith("--help")]
    assert len(lines) > 15
    for name, *arguments in lines:
        parser_of(name).parse_args(arguments)  # raises CommandError for what it does not take


def test_addresses_exist_and_take_the_method():
    named = re.findall(r"`(GET|POST) (/api/[^`\s]*)`", text_of(GUIDE))
    assert len(named) > 60
    missing = []
    for method, address in named:
        try:
            view = resolve(address.replace("{id}", "1")).func.view_class
        except Resolver404:
            missing.append((method, address))
            continue
        if not hasattr(view, method.lower()):
            missing.append((method, address))
    assert missing == []


def test_every_address_in_the_guide_says_its_method():
    assert [
        piece for piece in IN_CODE.findall(text_of(GUIDE)) if "/api/" in piece and not re.match("GET|POST", piece)
    ] == []


def test_links_lead_somewhere():
    links = re.findall(r"\]\(([^)#]+)\)", text_of(GUIDE))
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
