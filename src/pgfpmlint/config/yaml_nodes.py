"""YAML as nodes that know where they stand, and the plain values that they hold.

Everything wrong becomes a ConfigError with file and line. Values are taken as written: ``1.10`` is a version, not 1.1.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

from pgfpmlint.config import ConfigError, Word
from pgfpmlint.source.text import Place, Source

SCALAR, SEQUENCE, MAPPING = "scalar", "sequence", "mapping"
NULL, TRUTH = "tag:yaml.org,2002:null", "tag:yaml.org,2002:bool"


class Node:
    """One value of the file. ``what`` is what messages call it: ``hosts.web.count``."""

    def __init__(self, source: Source, node: Any, what: str) -> None:
        self._source = source
        self._node = node
        self.what = what

    @property
    def place(self) -> Place:
        start, end = self._node.start_mark.index, self._node.end_mark.index
        text = self._source.text[start:end]
        return Place(self._source, start, start + len(text.rstrip()))

    def refuse(self, says: str) -> NoReturn:
        raise ConfigError(f"{self._source.path}:{self.place.line}: {says}")

    def text(self, example: str) -> str:
        if self._node.id != SCALAR or not self._node.value:
            self.refuse(f"{self.what} must be a word; write it like {example}")
        return str(self._node.value)

    def word(self, example: str) -> Word:
        return Word(self.text(example), self.place)

    def number(self, least: int, example: str) -> int:
        text = self._node.value
        if not isinstance(text, str) or not (text.isascii() and text.isdigit()) or int(text) < least:
            said = f", not {text}" if isinstance(text, str) else ""
            self.refuse(f"{self.what} must be a whole number from {least}{said}; write it like {example}")
        return int(text)

    def truth(self) -> bool:
        if self._node.id != SCALAR or self._node.tag != TRUTH:
            said = f", not {self._node.value}" if self._node.id == SCALAR else ""
            self.refuse(f"{self.what} must be true or false{said}")
        return str(self._node.value).lower() == "true"

    def one_of(self, words: tuple[str, ...]) -> str:
        text = self._node.value
        if text not in words:
            said = f", not {text}" if isinstance(text, str) else ""
            self.refuse(f"{self.what} must be {', '.join(words[:-1])} or {words[-1]}{said}")
        return str(text)

    def several(self, example: str) -> tuple[Word, ...]:
        """One word, or a list of them."""
        if self._node.id != SEQUENCE:
            return (self.word(example),)
        return tuple(item.word(example) for item in self.items(f"[{example}]")) or self.refuse(f"{self.what} is empty")

    def items(self, example: str) -> list[Node]:
        if self._node.id != SEQUENCE:
            self.refuse(f"{self.what} must be a list; write it like {example}")
        return [Node(self._source, item, f"{self.what}[{at}]") for at, item in enumerate(self._node.value)]

    def pairs(self, example: str) -> list[tuple[Word, Node]]:
        """Keys and values; a key without a value is as good as absent."""
        if self._node.id != MAPPING:
            self.refuse(f"{self.what or 'the file'} must hold keys and values; write it like {example}")
        found: dict[str, tuple[Word, Node]] = {}
        for key_node, value_node in self._node.value:
            word = Node(self._source, key_node, f"a key of {self.what or 'the file'}").word("the ones beside it")
            if word.text in found:
                first = found[word.text][0].place.line
                self._refuse_key(word, f"{word.text!r} stands here a second time, after line {first}; remove one")
            value = Node(self._source, value_node, f"{self.what}.{word.text}" if self.what else word.text)
            found[word.text] = (word, value)
        return [(word, value) for word, value in found.values() if value._node.tag != NULL]

    def fields(self, known: Iterable[str], example: str) -> dict[str, Node]:
        """Values by key; ConfigError for a key that is none of ``known``."""
        known = tuple(known)
        found = {}
        for word, value in self.pairs(example):
            if word.text not in known:
                from pgfpmlint.catalog.nearest import nearest

                meant = nearest(word.text, known)
                hint = f"did you mean {meant!r}?" if meant else f"known here: {', '.join(known)}"
                self._refuse_key(word, f"unknown key {word.text!r}{f' in {self.what}' if self.what else ''}; {hint}")
            found[word.text] = value
        return found

    def _refuse_key(self, word: Word, says: str) -> NoReturn:
        raise ConfigError(f"{self._source.path}:{word.place.line}: {says}")


def document(source: Source) -> Node | None:
    """The file's one value; None where it holds nothing."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.reader import ReaderError

    try:
        node = YAML(typ="safe", pure=True).compose(source.text)
    except ReaderError as error:
        line = source.position(min(error.position, len(source.text)))[0]
        raise ConfigError(f"{source.path}:{line}: not YAML: {error.reason}; remove the character") from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = ", ".join(part for part in (error.context, error.problem) if part)
        raise ConfigError(f"{source.path}:{mark.line + 1 if mark else 1}: not YAML: {said}") from None
    except (YAMLError, RecursionError, ValueError) as error:
        raise ConfigError(f"{source.path}:1: not YAML: {str(error) or type(error).__name__}") from None
    return None if node is None or node.tag == NULL else Node(source, node, "")
