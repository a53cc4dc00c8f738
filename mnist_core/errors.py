"""The one error that users see: what is wrong, and what to do about it."""


class UserError(Exception):
    """A request that cannot be met, with what the user can do about it.

    Everything that reads input (image, URL, recipe, checkpoint, run name, stroke file) returns a value or raises
    this. A page shows `message` and `fix`, the command line prints them; neither shows a traceback.

    Attributes:
        code: Stable name in snake_case, for programs (`image_unreadable`, `run_unknown`).
        message: One plain sentence: what is wrong.
        fix: One plain sentence: what to do next.
    """

    def __init__(self, code: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.message} {self.fix}"

    def __reduce__(self) -> tuple[type["UserError"], tuple[str, str, str]]:
        """Rebuild from all three parts, so that the error survives the trip from a worker process."""
        return UserError, (self.code, self.message, self.fix)

    def as_dict(self) -> dict[str, str]:
        """The error as the JSON object that the command line prints."""
        return {"code": self.code, "message": self.message, "fix": self.fix}
