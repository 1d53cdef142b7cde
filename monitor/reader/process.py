"""The parent's side of reading: start children, hand them batches, survive their end."""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from monitor.errors import ModelError
from monitor.reader.child_handle import Child, ChildEnded
from monitor.reader.outcomes import Circle, Filed, Outcome, TextWanted, Unreadable
from monitor.reader.wire import TEXT_WANTED, outcome_from_wire, outcome_to_wire

MOST_CHILDREN = min(2, os.cpu_count() or 1)  # the parent needs a quarter of the time that one child needs
LARGE = 100  # messages of a batch from which on another child is worth its start

SURVIVED_NOT = "The reader did not survive this message."
WITHOUT_TEXT = "The text of this message could not be fetched."

log = logging.getLogger(__name__)

Batch = Sequence[Filed]
WithText = Callable[[Batch], Sequence[Filed | Outcome]]


class Reader:
    """Reading children, started when first needed. A context manager: leaving it ends them.

    There is one, and a second one where large batches follow one another. ``while_waiting`` is called at least once a
    second while a child is waited for. With ``outdated`` the model of an earlier program may serve where there is one;
    ``model_outdated`` then says whether it does. ``wants_text`` says of a received message's header whether its text
    is worth fetching at once.
    """

    def __init__(
        self,
        circle: Circle,
        models: Path,
        while_waiting: Callable[[], None] = lambda: None,
        *,
        outdated: bool = False,
    ) -> None:
        self._circle = circle
        self.wants_text = circle.is_writer()
        self._models = models
        self._while_waiting = while_waiting
        self._children: dict[int, Child] = {}
        self._describe = False
        self._outdated = outdated
        self.model = ""
        self.model_outdated = False

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def prepare(self) -> None:
        """Let a child start while its first batch is still to be drawn."""
        self._child(0)

    def understand(
        self, batches: Iterable[Batch], with_text: WithText | None = None
    ) -> Iterator[tuple[Batch, list[Outcome]]]:
        """Yield each batch with its outcomes, in order; meanwhile the next ones are drawn and worked on.

        ``with_text`` is given the messages whose text was not fetched and yet is needed; it returns in their order
        the messages with their text, or what else becomes of them. A message that the child cannot survive is
        Unreadable. Raises ModelError if no child can be started.
        """
        self._describe = False
        for batch, told in self._served(batches, with_text):
            yield batch, [_outcome(one) for one in told]

    def describe(self, batches: Iterable[Batch]) -> Iterator[tuple[Batch, list[dict[str, Any]]]]:
        """Yield each batch with the descriptions of its messages (see ``understanding.described``)."""
        self._describe = True
        for batch, told in self._served(batches):
            yield batch, [{"error": SURVIVED_NOT} if one is None else one for one in told]

    def close(self) -> None:
        """End the children; they have nothing to lose."""
        for number in list(self._children):
            self._end(number)

    def _served(
        self, batches: Iterable[Batch], with_text: WithText | None = None
    ) -> Iterator[tuple[Batch, list[dict[str, Any] | None]]]:
        under_way: deque[tuple[Batch, int]] = deque()  # with the number of the child
        done: list[tuple[Batch, list[dict[str, Any] | None]]] = []
        try:
            for batch in batches:
                if len(under_way) < (MOST_CHILDREN if len(batch) >= LARGE else 1):
                    number = next(free for free in range(MOST_CHILDREN) if free not in {one for _, one in under_way})
                else:
                    earliest, number = under_way.popleft()
                    done.append((earliest, self._whole_answer(earliest, number, with_text)))
                self._hand_over(batch, number)  # before the other is kept, so that the child need not wait
                under_way.append((batch, number))
                while done:
                    yield done.pop()
            while under_way:
                earliest, number = under_way.popleft()
                yield earliest, self._whole_answer(earliest, number, with_text)
        finally:
            if under_way:  # left amid the work: what is still told belongs to nothing
                self.close()

    def _hand_over(self, batch: Batch, number: int) -> None:
        try:
            self._ready(number).hand_over(batch)
        except ChildEnded:
            self._end(number)  # _answer finds no child and takes the messages one by one

    def _whole_answer(self, batch: Batch, number: int, with_text: WithText | None) -> list[dict[str, Any] | None]:
        """Return the answer once the texts that it asks for have been handed over too; the child is free for them."""
        told = self._answer(batch, number)
        lacking = [position for position, one in enumerate(told) if one == TEXT_WANTED]
        if not lacking or with_text is None:
            return told
        given = with_text([batch[position] for position in lacking])
        filed = [one for one in given if isinstance(one, Filed)]
        self._hand_over(filed, number)
        answers = iter(self._answer(filed, number))
        for position, one in zip(lacking, given, strict=True):
            told[position] = next(answers) if isinstance(one, Filed) else outcome_to_wire(one)
        return told

    def _answer(self, batch: Batch, number: int) -> list[dict[str, Any] | None]:
        """Return what the child says of each message; None for one that it did not survive."""
        try:
            return self._told(batch, number)
        except ChildEnded:
            self._end(number)
        if len(batch) == 1:
            log.warning("reader ended over a message", extra={"fields": {"folder": batch[0].folder}})
            return [None]
        told: list[dict[str, Any] | None] = []
        for one in batch:
            self._hand_over([one], number)
            told.extend(self._answer([one], number))
        return told

    def _told(self, batch: Batch, number: int) -> list[dict[str, Any] | None]:
        if number not in self._children:
            raise ChildEnded
        told = self._children[number].told(len(batch))
        try:
            if not self._describe:
                for one in told:
                    outcome_from_wire(one)  # nonsense must be found here, where a new child can be asked
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ChildEnded from error
        if not isinstance(told, list) or len(told) != len(batch):
            raise ChildEnded
        return list(told)

    def _child(self, number: int) -> Child:
        if number not in self._children:
            hello = {
                "own": sorted(self._circle.own),
                "clients": sorted(self._circle.clients),
                "answering": sorted(self._circle.answering),
                "models": str(self._models),
                "describe": self._describe,
                "outdated": self._outdated,
            }
            self._children[number] = Child(hello, self._while_waiting)
        return self._children[number]

    def _ready(self, number: int) -> Child:
        """Return the child when it can work. Raises ModelError if it cannot be started."""
        child = self._child(number)
        try:
            answer = child.greeting()
            failed = answer.get("failed")
            if not failed:
                self.model, self.model_outdated = str(answer["model"]), bool(answer["outdated"])
                return child
        except (ChildEnded, KeyError, TypeError, AttributeError) as error:
            self._end(number)
            raise ModelError(
                "The text model could not be built or loaded.",
                "See the lines above; then: client-monitor doctor",
            ) from error
        self._end(number)
        raise ModelError(
            "The text model could not be built or loaded: {reason}.",
            "Check the rights of {folder} and the room on its disk, then try again.",
            reason=failed,
            folder=str(self._models),
        )

    def _end(self, number: int) -> None:
        if child := self._children.pop(number, None):
            child.close()


def _outcome(told: dict[str, Any] | None) -> Outcome:
    if told is None:
        return Unreadable(SURVIVED_NOT)
    outcome = outcome_from_wire(told)
    return Unreadable(WITHOUT_TEXT) if isinstance(outcome, TextWanted) else outcome
