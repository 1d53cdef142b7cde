"""No regular expression takes more than linear time, whatever text meets it; found by looking through the source.

Texts to hurt an expression are made from the expression itself: whatever it repeats is repeated on and on, behind
what it wants first and before what it does not want.
"""

from __future__ import annotations

import ast
import importlib
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import monitor
from monitor.classification.signs import Expression

PACKAGE = Path(monitor.__file__).parent
LENGTH = 16_000  # characters: quadratic time takes seconds here
SOON = 0.05  # seconds
FUNCTIONS = {"match", "search", "fullmatch", "findall", "finditer", "sub", "subn", "split", "compile"}
MOST_REPEATS = 40  # of one expression that are tried
ENDS = ("", "!\0\n")
# Expressions that see only short texts: their modules, and the characters that they see.
CUT_BEFORE = {
    "grammar": 500,
    "life_signs": 400,
    "work_signs": 400,
    "signs": 400,
    "remarks": 8_000,
    "other_mail": 1_000,
    "signature": 1_000,
}
PLAIN = (
    "a",
    "A",
    "0",
    " ",
    ".",
    "-",
    "<",
    ">",
    '"',
    "@",
    "(",
    "\\",
    "=",
    "ü",
    "\n",
    "On ",
    "www.",
    "a@",
    "a ",
    "+0",
    "a.",
)


@cache
def sources() -> dict[str, ast.Module]:
    """The syntax tree of every module that may meet mail, by its full name."""
    found = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(("monitor", *file.relative_to(PACKAGE).with_suffix("").parts))
        if "migrations" not in name and not name.endswith(("__main__", "__init__")):
            found[name] = ast.parse(file.read_text(encoding="utf-8"))
    return found


def uses(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Every use of the module ``re``: the function's name and the call."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=attr)) if attr in FUNCTIONS:
                yield attr, node


def patterns_in(value: Any, name: str) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """The compiled expressions in a value: itself, or within tables and records."""
    if isinstance(value, re.Pattern):
        yield name, value
    elif isinstance(value, Expression):
        yield name, value.compiled
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from patterns_in(each, f"{name}[{key!r}]")
    elif isinstance(value, tuple | list | set | frozenset):
        for number, each in enumerate(value):
            yield from patterns_in(each, f"{name}[{number}]")
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from patterns_in(getattr(value, field.name), f"{name}.{field.name}")


@cache
def expressions() -> dict[str, re.Pattern[Any]]:
    """Every compiled expression of the package, by module and name."""
    found = {}
    for module in sources():
        for name, value in vars(importlib.import_module(module)).items():
            if not name.startswith("__"):
                found.update({f"{module}.{path}": pattern for path, pattern in patterns_in(value, name)})
    return found


@cache
def methods() -> dict[str, set[str]]:
    """By which methods each expression is used in its module."""
    found: dict[str, set[str]] = defaultdict(set)
    for module, tree in sources().items():
        for node in ast.walk(tree):
            match node:
                case ast.Attribute(value=ast.Name(id=name), attr=attr) if attr in FUNCTIONS:
                    found[f"{module}.{name}"].add(attr)
    return found


def sample(items: Sequence[tuple[Any, Any]]) -> str:
    """A short text that a parsed expression accepts, as far as this is easy to tell."""
    return "".join(_sample_of(kind, value) for kind, value in items)


def _sample_of(kind: Any, value: Any) -> str:
    match str(kind):
        case "LITERAL":
            return chr(value)
        case "NOT_LITERAL":
            return "a" if value != ord("a") else "b"
        case "ANY":
            return "a"
        case "IN":
            return _member(value)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            low, _, inner = value
            return sample(inner) * low
        case "SUBPATTERN":
            return sample(value[-1])
        case "ATOMIC_GROUP":
            return sample(value)
        case "BRANCH":
            return sample(value[1][0])
        case _:
            return ""  # borders and looks around


def _member(values: Sequence[tuple[Any, Any]]) -> str:
    negated = bool(values) and values[0][0] is _constants.NEGATE
    for letter in "a0 .-,<@>\"'(:;/|#~é\n\t" if negated else ():
        if not any(_holds(kind, value, letter) for kind, value in values[1:]):
            return letter
    for kind, value in values:
        if kind is _constants.LITERAL:
            return chr(value)
        if kind is _constants.RANGE:
            return chr(value[0])
        if kind is _constants.CATEGORY:
            return {"CATEGORY_DIGIT": "0", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a"}.get(str(value), "-")
    return "a"


def _holds(kind: Any, value: Any, letter: str) -> bool:
    match str(kind), str(value):
        case "LITERAL", _:
            return bool(value == ord(letter))
        case "RANGE", _:
            return bool(value[0] <= ord(letter) <= value[1])
        case "CATEGORY", "CATEGORY_SPACE":
            return letter.isspace()
        case "CATEGORY", "CATEGORY_DIGIT":
            return letter.isdigit()
        case "CATEGORY", "CATEGORY_WORD":
            return letter.isalnum() or letter == "_"
        case "CATEGORY", "CATEGORY_NOT_WORD":
            return not (letter.isalnum() or letter == "_")
        case _:
            return False


def repeats(items: Sequence[tuple[Any, Any]], before: str = "") -> Iterator[tuple[str, str]]:
    """Every repetition in a parsed expression: what an accepted text has before it, and what is repeated."""
    for kind, value in items:
        match str(kind):
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                _, high, inner = value
                if high is _constants.MAXREPEAT or high > 8:
                    yield before, sample(inner) or "a"
                yield from repeats(inner, before)
            case "SUBPATTERN":
                yield from repeats(value[-1], before)
            case "ATOMIC_GROUP":
                yield from repeats(value, before)
            case "BRANCH":
                for branch in value[1]:
                    yield from repeats(branch, before)
        before += _sample_of(kind, value)


def attacks(pattern: re.Pattern[Any]) -> list[tuple[str, str, str]]:
    """What keeps an expression busy: what comes before, what is repeated, what ends it."""
    pairs = {("", piece) for piece in PLAIN}
    for before, piece in islice(repeats(_parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)), MOST_REPEATS):
        pairs |= {(before[-100:], piece), ("", before[-100:] + piece), ("", piece)}
    return [(before, piece, end) for before, piece in sorted(pairs) for end in ENDS]


def text_of(attack: tuple[str, str, str], length: int) -> str:
    """The text of an attack, of about that length."""
    before, piece, end = attack
    return (before + piece * (length // max(1, len(piece))))[:length] + end


def seconds(use: Callable[[Any], Any], text: Any) -> float:
    """The least time of a few tries; more of them where the first was long."""
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        result = use(text)
        if hasattr(result, "__next__"):
            for _ in result:
                pass
        best = min(best, time.process_time() - began)
        if best < SOON:
            break
    return best


def is_superlinear(use: Callable[[Any], Any], make: Callable[[int], Any], length: int = LENGTH) -> bool:
    """Whether four times the text takes clearly more than four times the time; exponential time is seen first."""
    for few in (18, 22, 26, 1_000):
        if few < length and seconds(use, make(few)) > 0.15:
            return True
    whole = seconds(use, make(length))
    return whole > SOON and (length < LENGTH or whole > 7.5 * seconds(use, make(length // 4)))


def worst(name: str, pattern: re.Pattern[Any], used: set[str], length: int = LENGTH) -> str | None:
    """The first text that an expression takes superlinear time on; None if there is none."""
    anchored = used and used <= {"match", "fullmatch"}
    use = (pattern.fullmatch if used == {"fullmatch"} else pattern.match) if anchored else pattern.finditer
    for attack in attacks(pattern):

        def make(few: int, attack: tuple[str, str, str] = attack) -> Any:
            made = text_of(attack, few)
            return made.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else made

        if is_superlinear(use, make, length):
            return f"{name}: {text_of(attack, 50)!r}"
    return None


def test_expressions_are_compiled_where_this_test_finds_them() -> None:
    offences = []
    for module, tree in sources().items():
        at_top = {
            id(node) for each in tree.body if isinstance(each, ast.Assign | ast.AnnAssign) for node in ast.walk(each)
        }
        makers = {
            id(node)
            for each in tree.body
            if isinstance(each, ast.FunctionDef) and each.name == "_any_of"
            for node in ast.walk(each)
        }
        for attr, call in uses(tree):
            if attr != "compile" or id(call) not in at_top | makers:
                offences.append(f"{module}:{call.lineno} uses re.{attr}")

    assert offences == []


def test_as_many_are_found_as_the_source_compiles() -> None:
    compiled = sum(attr == "compile" for tree in sources().values() for attr, _ in uses(tree))

    assert compiled > 60
    assert len(expressions()) >= compiled


MODULES = sorted({module for module in sources() if any(name.startswith(module + ".") for name in expressions())})


@pytest.mark.timeout(600)
@pytest.mark.parametrize("module", MODULES)
def test_no_expression_takes_more_than_linear_time(module: str) -> None:
    used = methods()
    found = []
    seen = set()
    for name, pattern in expressions().items():
        if name.startswith(module + ".") and (pattern.pattern, pattern.flags) not in seen:
            seen.add((pattern.pattern, pattern.flags))
            short = name.removeprefix(module + ".").partition("[")[0].partition(".")[0]
            length = CUT_BEFORE.get(module.rpartition(".")[2], LENGTH)
            if text := worst(name, pattern, used.get(f"{module}.{short}", set()), length):
                found.append(text)

    assert found == []


@pytest.mark.parametrize(
    "expression",
    [r"(a+)+$", r"\s+$", r"<[^>]*>", r"(?:a|a)+b", r".*x.*y", r"\d+\.\d+z", r"[a-z]+@[a-z]+"],
)
def test_the_watch_sees_one_that_does(expression: str) -> None:
    assert worst("bad", re.compile(expression), {"search"}) is not None
