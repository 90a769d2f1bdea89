"""Grammar of everything that stands by itself: literals, names, lists, contexts, ranges, loops, functions."""

from __future__ import annotations

from abc import abstractmethod
from decimal import Decimal, DecimalException

from bpmn.feel.cursor import Cursor
from bpmn.feel.errors import FeelSyntaxError
from bpmn.feel.lexer import unescape
from bpmn.feel.numbers import NUMBERS
from bpmn.feel.syntax import (
    Comparison,
    ContextLiteral,
    For,
    FunctionLiteral,
    If,
    Iterator,
    ListLiteral,
    Literal,
    Name,
    Node,
    Quantified,
    RangeLiteral,
    TypeName,
)
from bpmn.feel.temporal import parse_temporal

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_CONSTANTS = {"true": True, "false": False, "null": None}


class PrimaryGrammar(Cursor):
    """The part of the parser below the operators."""

    filters: int  # how many filters are open
    free: set[str]  # variables read from outside
    filtered: set[str]  # names read inside a filter: members of the items or variables from outside
    called: set[str]  # functions called that the expression does not define

    @abstractmethod
    def expression(self) -> Node:
        """Read a whole expression."""

    @abstractmethod
    def operand(self, *, filters: bool = True) -> Node:
        """Read an arithmetic expression; without filters a following bracket closes a range."""

    def primary(self) -> Node:
        """Read an expression that is not an operator."""
        token = self.token
        if self.accept("-"):  # only in front of a number, so that -1 is a literal
            return Literal(NUMBERS.minus(self._number()))
        if token.kind == "number":
            return Literal(self._number())
        if token.kind == "string":
            return Literal(unescape(self.advance().text))
        if token.kind == "operator":
            return self._bracketed()
        if token.kind == "name":
            return self._word()
        raise self.unexpected()

    def _number(self) -> Decimal:
        token = self.advance()
        try:
            return NUMBERS.create_decimal(token.text)
        except DecimalException:
            raise FeelSyntaxError(
                "This number is too large.", token.start, self.text, message_vi="Số này quá lớn."
            ) from None

    def _bracketed(self) -> Node:
        if self.at("("):
            return self._parenthesis()
        if self.at("["):
            return self._list_or_range()
        if self.at("{"):
            return self._context()
        if self.accept("]"):
            with self.deeper():
                return self._range_after(self.operand(), start_included=False)
        if self.accept("@"):
            if self.token.kind != "string":
                raise self.unexpected("a date or time in quotes", "ngày giờ trong dấu nháy")
            return Literal(parse_temporal(unescape(self.advance().text)))
        raise self.unexpected()

    def _word(self) -> Node:
        token = self.token
        if token.text in _CONSTANTS and not self._starts_known_name():
            return Literal(_CONSTANTS[self.advance().text])
        if token.text == "if":
            return self._if()
        if token.text == "for":
            return self._for()
        if token.text in ("some", "every"):
            return self._quantified()
        if token.text == "function" and self.peek().text == "(":
            return self._function()
        if token.is_keyword:
            raise self.unexpected()
        name = self.read_name()
        bound = self.is_bound(name)
        if not bound:
            self._note(name)
        return Name(name, bound)

    def _note(self, name: str) -> None:
        if self.at("("):
            self.called.add(name)
        elif self.filters:
            self.filtered.add(name)
        else:
            self.free.add(name)

    def _starts_known_name(self) -> bool:
        return any(known.longest(self.tokens, self.index) for known in self.known)

    def _parenthesis(self) -> Node:
        self.expect("(")
        if self.at(*COMPARISONS):
            comparison = self.comparison()
            self.expect(")")
            return comparison
        start = self.expression()
        if self.at(".."):
            return self._range_after(start, start_included=False)
        self.expect(")")
        return start

    def comparison(self) -> Node:
        """Read a one-sided comparison such as "< 5"."""
        return Comparison(self.advance().text, self.operand())

    def _list_or_range(self) -> Node:
        self.expect("[")
        items: list[Node] = []
        while not self.at("]"):
            items.append(self.comparison() if self.at(*COMPARISONS) else self.expression())
            if self.at("..") and len(items) == 1:
                return self._range_after(items[0], start_included=True)
            if not self.accept(","):
                break
        self.expect("]")
        return ListLiteral(tuple(items))

    def _range_after(self, start: Node, *, start_included: bool) -> Node:
        self.expect("..")
        with self.deeper():
            end = self.operand(filters=False)
        closing = self.accept("]", ")", "[")
        if closing is None:
            raise self.unexpected('"]"')
        return RangeLiteral(start, end, start_included, closing == "]")

    def _context(self) -> Node:
        self.expect("{")
        entries: list[tuple[str, Node]] = []
        self._entries_until_closed(entries)
        keys = [key for key, _ in entries]
        if len(set(keys)) < len(keys):
            return Literal(None)  # a repeated key makes the whole context an error, which FEEL reads as null
        return ContextLiteral(tuple(entries))

    def _entries_until_closed(self, entries: list[tuple[str, Node]]) -> None:
        opened = 0
        while not self.at("}"):
            key = unescape(self.advance().text) if self.token.kind == "string" else self.read_free_name(":")
            self.expect(":")
            entries.append((key, self.expression()))
            self.bind([key])
            opened += 1
            if not self.accept(","):
                break
        self.unbind(opened)
        self.expect("}")

    def _if(self) -> Node:
        self.expect("if")
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        return If(condition, then, self.expression())

    def _for(self) -> Node:
        self.expect("for")
        iterators = self._iterators("return")
        self.bind(["partial"])
        body = self.expression()
        self.unbind(len(iterators) + 1)
        return For(iterators, body)

    def _quantified(self) -> Node:
        decisive = self.advance().text == "some"
        iterators = self._iterators("satisfies")
        condition = self.expression()
        self.unbind(len(iterators))
        return Quantified(decisive, iterators, condition)

    def _iterators(self, closing: str) -> tuple[Iterator, ...]:
        found: list[Iterator] = []
        while True:
            name = self.read_free_name("in")
            self.expect("in")
            source = self.expression()
            end = self.expression() if self.accept("..") else None
            found.append(Iterator(name, source, end))
            self.bind([name])
            if not self.accept(","):
                break
        self.expect(closing)
        return tuple(found)

    def _function(self) -> Node:
        self.expect("function")
        self.expect("(")
        parameters: list[tuple[str, TypeName | None]] = []
        while not self.at(")"):
            name = self.read_free_name(",", ")", ":")
            parameters.append((name, self.type_name() if self.accept(":") else None))
            if not self.accept(","):
                break
        self.expect(")")
        if self.accept("external"):
            self.expression()
            return FunctionLiteral(tuple(parameters), None)
        self.bind([name for name, _ in parameters])
        body = self.expression()
        self.unbind(1)
        return FunctionLiteral(tuple(parameters), body)

    def type_name(self) -> TypeName:
        """Read a type such as number, list<string>, context<a: number> or function<number> -> string."""
        with self.deeper():
            name = "function" if self.accept("function") else "null" if self.accept("null") else self._qualified_name()
            if not self.accept("<"):
                return TypeName(name)
            if name == "context":
                fields = self._type_fields()
                return TypeName(name, fields=fields, parametrised=True)
            arguments: list[TypeName] = []
            while not self.at(">"):
                arguments.append(self.type_name())
                if not self.accept(","):
                    break
            self.expect(">")
            result = self.type_name() if self.accept("->") else None
            return TypeName(name, tuple(arguments), result=result, parametrised=True)

    def _qualified_name(self) -> str:
        name = self.read_name()
        while self.accept("."):
            name += "." + self.read_name()
        return name

    def _type_fields(self) -> tuple[tuple[str, TypeName], ...]:
        fields: list[tuple[str, TypeName]] = []
        while not self.at(">"):
            name = self.read_free_name(":")
            self.expect(":")
            fields.append((name, self.type_name()))
            if not self.accept(","):
                break
        self.expect(">")
        return tuple(fields)
