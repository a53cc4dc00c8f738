"""The activations a network may have: one record each, which recipe, models, probes, hints and scripts read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Activation:
    """A nonlinear function between two layers.

    Attributes:
        label: What people choose it by.
        module: Its class in `torch.nn`.
        bounds: The values that it comes near but does not pass; a unit that stays near one of them is saturated. None
            when it has no such two: its units are dead where they are never above 0.
    """

    label: str
    module: str
    bounds: tuple[float, float] | None = None


ACTIVATIONS = {
    "relu": Activation("ReLU", "ReLU"),
    "leaky_relu": Activation("Leaky ReLU", "LeakyReLU"),
    "elu": Activation("ELU", "ELU"),
    "gelu": Activation("GELU", "GELU"),
    "silu": Activation("SiLU", "SiLU"),
    "tanh": Activation("tanh", "Tanh", bounds=(-1, 1)),
    "sigmoid": Activation("Sigmoid", "Sigmoid", bounds=(0, 1)),
    "none": Activation("None", "Identity"),
}
