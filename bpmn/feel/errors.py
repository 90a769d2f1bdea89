"""What can go wrong with a FEEL expression, said in English and in Vietnamese."""

from bpmn.feel.limits import MAX_ITEMS, MAX_STRING


class FeelError(Exception):
    """The expression cannot be used."""

    def __init__(self, message: str, position: int | None = None, text: str = "", *, message_vi: str = "") -> None:
        """Keep the reason; position is the 0-based character offset in text, or None when it is not known."""
        super().__init__(message)
        self.message = message
        self.message_vi = message_vi or message
        self.position = position
        self.text = text


class FeelSyntaxError(FeelError):
    """The text is not a FEEL expression."""


class FeelLimitError(FeelError):
    """The expression is too long, too deep, too slow or makes too much."""


def text_too_long() -> FeelLimitError:
    """Return the error for a text that grows over the limit."""
    return FeelLimitError(
        f"A text grows over {MAX_STRING} characters.", message_vi=f"Chuỗi dài quá {MAX_STRING} ký tự."
    )


def list_too_long() -> FeelLimitError:
    """Return the error for a list that grows over the limit."""
    return FeelLimitError(f"A list grows over {MAX_ITEMS} items.", message_vi=f"Danh sách dài quá {MAX_ITEMS} mục.")
