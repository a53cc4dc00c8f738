"""The rules of the bug quiz: one bug is hidden in the code, its symptoms are shown, and people guess which it is."""

from dataclasses import dataclass, replace

MOST_POINTS = 5


@dataclass(frozen=True, slots=True)
class QuizRound:
    """One round.

    Attributes:
        bug: The hidden bug's code.
        model: The name of the model that it was hidden around.
        guesses: The codes guessed so far, in order.
        looked: Whether the hint was taken: to look at what is handed to the network.
        given_up: Whether the bug was shown without having been found.
        asked: How many times the learner asked the same again.
    """

    bug: str
    model: str
    guesses: tuple[str, ...] = ()
    looked: bool = False
    given_up: bool = False
    asked: int = 0

    @property
    def found(self) -> bool:
        """Whether the last guess was right."""
        return self.bug in self.guesses

    @property
    def over(self) -> bool:
        """Whether there is nothing left to find."""
        return self.found or self.given_up

    @property
    def points(self) -> int:
        """What the round is worth: five, one less for each wrong guess and for the hint; none for giving up."""
        if self.given_up:
            return 0
        wrong = len(self.guesses) - self.found
        return max(1, MOST_POINTS - wrong - self.looked)

    def guess(self, code: str) -> "QuizRound":
        """The round after that guess; the same when it is over or was guessed before."""
        if self.over or code in self.guesses:
            return self
        return replace(self, guesses=(*self.guesses, code))

    def look(self) -> "QuizRound":
        """The round after the hint."""
        return self if self.over else replace(self, looked=True)

    def give_up(self) -> "QuizRound":
        """The round after giving up."""
        return self if self.over else replace(self, given_up=True)

    def ask_again(self) -> "QuizRound":
        """The round after asking for the same answers once more."""
        return replace(self, asked=self.asked + 1)
