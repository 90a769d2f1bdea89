"""Grammar of operators, by precedence from "or" down to paths, filters and calls."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from bpmn.feel.cursor import KnownNames
from bpmn.feel.lexer import unescape
from bpmn.feel.primary import COMPARISONS, PrimaryGrammar
from bpmn.feel.syntax import (
    Arithmetic,
    Between,
    Call,
    Compare,
    Connective,
    Filter,
    In,
    InstanceOf,
    Negate,
    Node,
    Path,
    UnaryTests,
)

_LEVELS = (("**",), ("*", "/"), ("+", "-"))
TYPE_NAMES = ("date and time", "days and time duration", "years and months duration")


@lru_cache(maxsize=64)
def _indexed(names: frozenset[str]) -> KnownNames:
    return KnownNames([*TYPE_NAMES, *names])


class Parser(PrimaryGrammar):
    """Reads one expression; free holds the names it takes from outside."""

    def __init__(self, text: str, known: Iterable[str]) -> None:
        """Start before the text; known names may hold operators and blanks."""
        super().__init__(text, [_indexed(frozenset(known))])
        self.filters = 0
        self.free: set[str] = set()
        self.filtered: set[str] = set()
        self.called: set[str] = set()

    def parse(self) -> Node:
        """Return the whole text as one expression."""
        return self._finished(self.expression())

    def parse_unary_tests(self) -> Node:
        """Return the whole text as the cell of a decision table."""
        self.bind(["?"])
        if self.at("-") and self.peek().kind == "end":
            self.advance()
            return self._finished(UnaryTests((), False))
        negated = self.at("not") and self.peek().text == "("
        if negated:
            self.index += 2
        tests = self._tests()
        if negated:
            self.expect(")")
        return self._finished(UnaryTests(tests, negated))

    def _finished(self, node: Node) -> Node:
        if self.token.kind != "end":
            raise self.unexpected("the end or an operator", "hết biểu thức hoặc một phép toán")
        return node

    def expression(self) -> Node:
        """Read a whole expression; "and" binds closer than "or"."""
        with self.deeper():
            groups = [[self._compared()]]
            while word := self.accept("and", "or"):
                if word == "or":
                    groups.append([])
                groups[-1].append(self._compared())
            return _connect(True, [_connect(False, group) for group in groups])

    def _compared(self) -> Node:
        node = self.operand()
        chained = 0
        while self.at(*COMPARISONS, "between", "in"):
            node = self._comparison_of(node)
            chained += 1
            if chained > 8:
                raise self.unexpected("the end or an operator", "hết biểu thức hoặc một phép toán")
        return node

    def _comparison_of(self, left: Node) -> Node:
        if self.accept("between"):
            low = self.operand()
            self.expect("and")
            return Between(left, low, self.operand())
        if self.accept("in"):
            self.bind(["?"])
            tests = self._in_tests()
            self.unbind(1)
            return In(left, tests)
        return Compare(self.advance().text, left, self.operand())

    def _in_tests(self) -> tuple[Node, ...]:
        if not self.at("("):
            return (self.comparison() if self.at(*COMPARISONS) else self.operand(),)
        with self.deeper():
            self.advance()
            first = self._test()
            if self.at(".."):
                return (self._range_after(first, start_included=False),)
            tests = [first]
            while self.accept(","):
                tests.append(self._test())
            self.expect(")")
            return tuple(tests)

    def _tests(self) -> tuple[Node, ...]:
        tests = [self._test()]
        while self.accept(","):
            tests.append(self._test())
        return tuple(tests)

    def _test(self) -> Node:
        return self.comparison() if self.at(*COMPARISONS) else self.expression()

    def operand(self, *, filters: bool = True) -> Node:
        """Read an arithmetic expression; without filters a following bracket may close a range."""
        operands, operators = [self._unary(filters)], []
        while operator := self.accept("+", "-", "*", "/", "**"):
            operators.append(operator)
            operands.append(self._unary(filters))
        for level in _LEVELS if operators else ():
            operands, operators = _fold(level, operands, operators)
        return operands[0]

    def _unary(self, filters: bool) -> Node:
        if self.at("-") and self.peek().kind != "number":
            self.advance()
            with self.deeper():
                return Negate(self._unary(filters))
        node = self._postfix(filters)
        while self.at("instance") and self.peek().text == "of":
            self.index += 2
            node = InstanceOf(node, self.type_name())
        return node

    def _postfix(self, filters: bool) -> Node:
        node = self.primary()
        depth = self.depth
        while True:
            following = self._postfix_of(node, filters)
            if following is None:
                self.depth = depth
                return node
            node = following
            self.deepen()

    def _postfix_of(self, node: Node, filters: bool) -> Node | None:
        if self.at("[") and (filters or self._bracket_opens_filter()):
            return self._filter(node)
        if self.at("("):
            return self._call(node)
        if self.at(".") and self.peek().kind == "name":
            self.advance()
            return Path(node, self.advance().text if self.token.is_keyword else self.read_name())
        return None

    def _bracket_opens_filter(self) -> bool:
        """Decide whether "[" after the end of a range filters that end or closes the range."""
        token = self.peek()
        if token.kind in ("number", "string"):
            return True
        return token.text in ("(", "[", "{", "-", "@") if token.kind != "name" else not token.is_keyword

    def _filter(self, source: Node) -> Node:
        self.expect("[")
        self.bind(["item"])
        self.filters += 1
        predicate = self.expression()
        self.filters -= 1
        self.unbind(1)
        self.expect("]")
        return Filter(source, predicate)

    def _call(self, callee: Node) -> Node:
        self.expect("(")
        arguments: list[Node] = []
        names: list[str] = []
        while not self.at(")"):
            if name := self._argument_name():
                names.append(name)
            arguments.append(self.expression())
            if not self.accept(","):
                break
        if names and len(names) != len(arguments):
            raise self.unexpected("names for all arguments or for none", "tên cho mọi đối số hoặc không đối số nào")
        self.expect(")")
        return Call(callee, tuple(arguments), tuple(names))

    def _argument_name(self) -> str | None:
        if self.token.kind == "string" and self.peek().text == ":":
            name = unescape(self.advance().text)
            self.advance()
            return name
        length = 0
        while self.peek(length).kind in ("name", "number"):
            length += 1
        if not length or self.peek(length).text != ":" or self.peek(length).kind == "string":
            return None
        name = self.read_free_name(":")
        self.advance()
        return name


def _connect(decisive: bool, items: list[Node]) -> Node:
    return items[0] if len(items) == 1 else Connective(decisive, tuple(items))


def _fold(level: tuple[str, ...], operands: list[Node], operators: list[str]) -> tuple[list[Node], list[str]]:
    """Join neighbours whose operator is of the level, left to right; return what is left."""
    groups: list[tuple[Node, list[tuple[str, Node]]]] = [(operands[0], [])]
    left: list[str] = []
    for operator, operand in zip(operators, operands[1:], strict=True):
        if operator in level:
            groups[-1][1].append((operator, operand))
        else:
            left.append(operator)
            groups.append((operand, []))
    return [Arithmetic(first, tuple(rest)) if rest else first for first, rest in groups], left
