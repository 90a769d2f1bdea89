"""What can go wrong with a FEEL expression, said in English and in Vietnamese."""


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
