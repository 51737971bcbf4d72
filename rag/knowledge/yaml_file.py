"""Strict YAML that knows its lines.

Stricter than YAML itself, because a slip in a table must not become another table: duplicate keys,
aliases, ``yes``/``no`` as booleans, octal and sexagesimal numbers are rejected, dates stay text.
Every value keeps the line it came from, so that whatever is wrong with it can be found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from rag.errors import CorpusError

Key = str | int
KeyPath = tuple[Key, ...]
"""Keys and list positions (from 0) from the top of the file to a value."""

Model = TypeVar("Model", bound=BaseModel)

_TAG = "tag:yaml.org,2002:"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class YamlFile:
    """A parsed file: plain dicts, lists and scalars, with the line (from 1) of every value."""

    path: Path
    data: object
    lines: dict[KeyPath, int]

    def line(self, where: KeyPath = ()) -> int:
        """The line of the value at ``where``, or of the nearest value around it."""
        for end in range(len(where), -1, -1):
            if where[:end] in self.lines:
                return self.lines[where[:end]]
        return 1

    def error(self, message: str, where: KeyPath = ()) -> CorpusError:
        """An error that names this file, the line and the key of ``where``."""
        key = self._named(where)
        text = f"{key}: {message}" if key else message
        return CorpusError(text, file=str(self.path), line=self.line(where))

    def _named(self, where: KeyPath) -> str:
        """``tables[solid].rows[solid.new.3].when``: entries of a list by their own name."""
        said, here = "", self.data
        for part in where:
            here = _inside(here, part)
            said += f"[{_name_of(here, part)}]" if isinstance(part, int) else f".{part}"
        return said.removeprefix(".")

    def as_model(self, model: type[Model], where: KeyPath = (), data: object = None) -> Model:
        """The file (or ``data``, its part at ``where``) as a checked model.

        Raises:
            CorpusError: a key is missing, unknown or of the wrong type.
        """
        try:
            return model.model_validate(self.data if data is None else data)
        except ValidationError as error:
            first = error.errors()[0]
            at = where + tuple(first["loc"])
            raise self.error(f"{first['msg']}; correct this entry", at) from error


def _inside(container: object, part: Key) -> object:
    if isinstance(container, dict):
        return container.get(part)
    if isinstance(container, list) and isinstance(part, int) and part < len(container):
        return container[part]
    return None


def _name_of(entry: object, position: int) -> object:
    """How a reader finds an entry: its id, label or name, else its place in the list (from 0)."""
    if not isinstance(entry, dict):
        return position
    return next((entry[key] for key in ("id", "label", "name") if key in entry), position)


def read_yaml(path: Path) -> object:
    """The content of a YAML file as plain dicts, lists and scalars.

    Raises:
        CorpusError: the file is missing, is no YAML or breaks the rules of this module.
    """
    return open_yaml(path).data


def open_yaml(path: Path) -> YamlFile:
    """The content of a YAML file together with its lines.

    Raises:
        CorpusError: the file is missing, is no YAML or breaks the rules of this module.
    """
    reader = _Reader()
    try:
        data = reader.value(yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER), ())
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"cannot be read: {error}", file=str(path)) from error
    except yaml.MarkedYAMLError as error:
        problem = f"is not YAML: {error.problem or error.context}"
        raise CorpusError(problem, file=str(path), line=_line_of(error)) from error
    except yaml.YAMLError as error:
        raise CorpusError(f"is not YAML: {error}", file=str(path)) from error
    except _Rejected as error:
        raise CorpusError(str(error), file=str(path), line=error.line) from error
    return YamlFile(path, data, reader.lines)


class _Rejected(Exception):
    """YAML that this module does not accept."""

    def __init__(self, message: str, node: yaml.Node) -> None:
        super().__init__(message)
        self.line = node.start_mark.line + 1


def _line_of(error: yaml.MarkedYAMLError) -> int | None:
    return error.problem_mark.line + 1 if error.problem_mark else None


class _Reader:
    """Turns nodes into plain values and remembers where each began."""

    def __init__(self) -> None:
        self.lines: dict[KeyPath, int] = {}
        self._seen: set[int] = set()

    def value(self, node: yaml.Node | None, where: KeyPath) -> object:
        if node is None:
            return None
        if id(node) in self._seen:
            raise _Rejected("an alias (*name) is not allowed; write the value out", node)
        self._seen.add(id(node))
        self.lines.setdefault(where, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return dict(self._items(node, where))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*where, i)) for i, item in enumerate(node.value)]
        return _scalar(node)

    def _items(self, node: yaml.MappingNode, where: KeyPath) -> Iterator[tuple[Key, object]]:
        keys: set[Key] = set()
        for key_node, value_node in node.value:
            key = _scalar(key_node) if isinstance(key_node, yaml.ScalarNode) else None
            if not isinstance(key, str | int) or isinstance(key, bool):
                raise _Rejected("a key must be a text or a whole number", key_node)
            if key in keys:
                raise _Rejected(f"key {key!r} stands twice; keep one", key_node)
            keys.add(key)
            self.lines[(*where, key)] = key_node.start_mark.line + 1
            yield key, self.value(value_node, (*where, key))


def _scalar(node: yaml.Node) -> str | int | float | bool | None:
    text: str = node.value
    kind = node.tag.removeprefix(_TAG)
    if kind in ("str", "timestamp"):
        return text
    if kind == "null":
        return None
    if kind == "bool" and text in ("true", "false"):
        return text == "true"
    if kind in ("int", "float"):
        return _number(text, node)
    raise _Rejected(f"{text!r} is read as {kind}; put it in quotes", node)


def _number(text: str, node: yaml.Node) -> int | float:
    digits = text.removeprefix("-").replace(".", "", 1)
    leading_zero = len(digits) > 1 and text.lstrip("-").startswith("0") and "." not in text
    if not digits.isdigit() or leading_zero:
        raise _Rejected(f"{text!r} is no plain decimal number; put it in quotes", node)
    return float(text) if "." in text else int(text)
