"""A page with many forms: the one that was refused is open again, with what was typed and each fault beside its field."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from staff.pages.base import PageStep
from staff.pages.wording import Fault


class OneOfForms(PageStep):
    """The step of the form named `word`; its fields stand on the page as `note-word`.

    `shown_by` says by which part of the page's content each form stands there. Where somebody else was faster and the form is gone, what was
    typed in it is shown as text, so that nobody has to find the words again.
    """

    word: str = ""
    shown_by: Mapping[str, str] = MappingProxyType({})
    words: ClassVar[tuple[str, ...]] = ("note", "proposal", "document", "basis")

    def faults(self, said: dict[str, Any], address: dict[str, Any]) -> list[Fault]:
        """Each leads into this form."""
        return [one.of_row(self.word) for one in super().faults(said, address)]

    def beside(self, content: dict[str, Any]) -> dict[str, Any]:
        """Which form was sent, and what is left of it when it is gone."""
        typed, is_there = content.get("typed", {}), content.get(self.shown_by.get(self.word, ""))
        left = [] if is_there else [typed[name] for name in self.words if typed.get(name)]
        return {"sent": self.word, "left": left}
