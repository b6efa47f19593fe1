"""The sentences people read, by key. Wording is data; see texts.yaml."""

import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

from knowledge.plain_yaml import read_as_text

PUNCTUATION = re.compile(r"[^\w/&\s]+")


class Texts:
    """Sentences and word lists by dotted key, such as `petugas.kolom.desa`."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        """Take the parsed file."""
        self._raw = raw
        self._commands: dict[str, dict[str, str]] = {}

    @classmethod
    def load(cls) -> "Texts":
        """Read the packaged sentences."""
        text = (files("handlers") / "texts.yaml").read_text("utf-8")
        return cls(read_as_text(text))

    def say(self, key: str, **values: object) -> str:
        """Give a sentence with its blanks filled. Raises KeyError for an unknown key or blank."""
        text = self._find(key)
        if not isinstance(text, str):
            raise KeyError(key)
        return text.format(**values) if values else text

    def mapping(self, key: str) -> Mapping[str, Any]:
        """Give a group of texts."""
        found = self._find(key)
        if not isinstance(found, Mapping):
            raise KeyError(key)
        return found

    def words(self, key: str) -> Iterable[str]:
        """Give a list of words."""
        found = self._find(key)
        if not isinstance(found, list):
            raise KeyError(key)
        return found

    def command(self, text: str, *, group: str = "perintah") -> str | None:
        """Give the command that a text spells out, None where it spells none."""
        if group not in self._commands:
            self._commands[group] = {
                tidy(word): name for name, words in self.mapping(group).items() for word in words
            }
        return self._commands[group].get(tidy(text))

    def is_any(self, text: str, command: str) -> bool:
        """Tell whether a text spells one given command, whatever else it may spell."""
        return tidy(text) in {tidy(word) for word in self.words(f"perintah.{command}")}

    def has_any(self, text: str, name: str) -> bool:
        """Tell whether a text contains one of the words listed under `sapaan`."""
        words = set(tidy(text).split())
        return any(word in words for word in self.words(f"sapaan.{name}"))

    def _find(self, key: str) -> Any:
        found: Any = self._raw
        for part in key.split("."):
            found = found[part]
        return found


def tidy(text: str) -> str:
    """Give a text in lower case, without punctuation and doubled blanks, for comparing."""
    return " ".join(PUNCTUATION.sub(" ", text.lower()).split())
