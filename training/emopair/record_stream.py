"""Reads a JSON file of very many objects one object at a time: a list of them, or an object of them by name."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

CHUNK = 1 << 16
SPACE = " \t\r\n"


class _Buffer:
    """A window over a text file from which whole JSON values are taken."""

    def __init__(self, file: TextIO, name: str):
        self.file, self.name, self.text, self.decoder = file, name, "", json.JSONDecoder()

    def _more(self) -> bool:
        chunk = self.file.read(CHUNK)
        self.text += chunk
        return bool(chunk)

    def peek(self) -> str:
        """The next character that is no space, '' at the end."""
        while True:
            self.text = self.text.lstrip(SPACE)
            if self.text or not self._more():
                return self.text[:1]

    def take(self, wanted: str) -> str:
        """One of the wanted characters; raises ValueError for another."""
        found = self.peek()
        if not found or found not in wanted:
            raise ValueError(f"expected one of {wanted!r} in {self.name}, but found {found or 'its end'!r}")
        self.text = self.text[1:]
        return found

    def value(self) -> Any:
        """The next whole value."""
        self.peek()
        while True:
            try:
                value, end = self.decoder.raw_decode(self.text)
                # A number at the window's end may go on behind it.
                if end < len(self.text) or not self._more():
                    self.text = self.text[end:]
                    return value
            except json.JSONDecodeError as error:
                if not self._more():
                    raise ValueError(f"expected JSON in {self.name}: {error}") from error


def _items(buffer: _Buffer) -> Iterator[Any]:
    buffer.take("[")
    if buffer.peek() == "]":
        return
    while True:
        yield buffer.value()
        if buffer.take(",]") == "]":
            return


def _members(buffer: _Buffer) -> Iterator[Any]:
    """Values of an object; those of a list that is one of its values each for itself."""
    buffer.take("{")
    if buffer.peek() == "}":
        return
    while True:
        buffer.value()
        buffer.take(":")
        if buffer.peek() == "[":
            yield from _items(buffer)
        else:
            yield buffer.value()
        if buffer.take(",}") == "}":
            return


def stream(path: Path) -> Iterator[Any]:
    """The objects of a `.json` or `.jsonl` file in order; raises ValueError where it is neither."""
    with path.open(encoding="utf-8") as file:
        if path.suffix == ".jsonl":
            yield from (json.loads(line) for line in file if line.strip())
            return
        buffer = _Buffer(file, path.name)
        yield from _items(buffer) if buffer.peek() == "[" else _members(buffer)
