"""How fast a run goes, and how long the rest of it will take."""

from dataclasses import dataclass


@dataclass(slots=True)
class Eta:
    """The pace of the steps so far, validations included; pauses and slow motion do not count.

    All times are those of one clock that goes on evenly, in seconds.

    Attributes:
        steps_per_s: The speed limit in force; 0 sets none.
        step: The newest step.
    """

    steps_per_s: float = 0.0
    step: int = 0
    _free_s: float = 0.0
    _free_steps: int = 0
    _since_s: float | None = None  # that step, or when steps went on; None while they do not
    _is_even: bool = False  # whether the time since then is a free run's

    def go_on(self, step: int, now_s: float) -> None:
        """Steps are taken from now on, after this one: the run has started, or a pause is over."""
        self.step, self._since_s, self._is_even = step, now_s, True

    def update(self, step: int, now_s: float) -> None:
        """That step is done."""
        if self._since_s is not None and self._is_even and not self.steps_per_s:
            self._free_s += now_s - self._since_s
            self._free_steps += step - self.step
        self.step, self._since_s, self._is_even = step, now_s, True

    def pause(self) -> None:
        """No steps are taken from now on."""
        self._since_s = None

    def limit(self, steps_per_s: float) -> None:
        """From now on no more steps than that are taken in a second."""
        if steps_per_s != self.steps_per_s:
            self.steps_per_s, self._is_even = steps_per_s, False

    def remaining_s(self, steps: int, now_s: float) -> float | None:
        """How long it takes until `steps` are done in all; None when that cannot be said.

        A pause does not count, neither one that goes on nor those to come.
        """
        step_s = self._step_s()
        if step_s is None:
            return None
        waited_s = 0.0 if self._since_s is None else now_s - self._since_s
        return max(0.0, step_s * (steps - self.step) - waited_s)

    def _step_s(self) -> float | None:
        slowest_s = 1 / self.steps_per_s if self.steps_per_s else 0.0
        if self._free_steps:
            return max(slowest_s, self._free_s / self._free_steps)
        return slowest_s or None
