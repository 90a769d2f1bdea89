"""The texts of a decision file → compiled FEEL; what does not compile is noted under the id that is to blame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpmn import feel
from bpmn.dmn.problems import Problem, problem
from bpmn.feel import Expression


class Reader:
    """Compiles the expressions of one file; equal cells are compiled once."""

    def __init__(self, names: Iterable[str]) -> None:
        """Know the names of data and decisions, which may hold blanks and operators."""
        self._names = tuple(names)
        self._made: dict[tuple[str, bool], Expression] = {}
        self._problems: list[Problem] = []
        self.read: list[tuple[str, str, str, Expression]] = []  # element id, place in both languages, expression

    def problems(self) -> Iterator[Problem]:
        """Yield what was wrong so far."""
        yield from self._problems

    def expression(self, text: str, element_id: str, place_vi: str, place: str) -> Expression | None:
        """Compile an expression; None for an empty or a wrong one."""
        return self._compiled(text, element_id, (place_vi, place), unary=False)

    def test(self, text: str, element_id: str, place_vi: str, place: str) -> Expression | None:
        """Compile a cell of conditions; None for an empty or a wrong one."""
        return self._compiled(text, element_id, (place_vi, place), unary=True)

    def values(self, text: str, element_id: str, place_vi: str, place: str) -> Expression | None:
        """Compile a list of allowed values, which may read nothing but the value itself."""
        found = self.test(text, element_id, place_vi, place)
        if found is not None and found.names:
            self._problems.append(problem("values-not-constant", element_id, place_vi=place_vi, place=place))
            return None
        return found

    def _compiled(self, text: str, element_id: str, place: tuple[str, str], *, unary: bool) -> Expression | None:
        if not text:
            return None
        try:
            if (text, unary) not in self._made:
                make = feel.compile_unary_tests if unary else feel.compile
                self._made[text, unary] = make(text, self._names)
        except feel.FeelError as error:
            reason = {"reason_vi": error.message_vi.rstrip("."), "reason": error.message.rstrip(".")}
            said = problem("decision-expression", element_id, place_vi=place[0], place=place[1], **reason)
            self._problems.append(said)
            return None
        self.read.append((element_id, *place, self._made[text, unary]))
        return self._made[text, unary]
