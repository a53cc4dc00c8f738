"""The loop that trains the networks of the detectors: AdamW, and a learning rate that rises and falls in one cycle."""

from collections.abc import Iterable, Iterator

import torch
from torch import Tensor, nn


def descend(
    network: nn.Module, losses: Iterable[Tensor], steps: int, learning_rate: float, weight_decay: float = 0.01
) -> Iterator[float]:
    """Take a step along each loss, which is computed when its turn comes; yields it as a number after the step.

    Args:
        network: What learns.
        losses: Its loss on one batch after another, a scalar each.
        steps: How many there will be; the schedule needs to know.
        learning_rate: The highest.
        weight_decay: AdamW's.
    """
    optimizer = torch.optim.AdamW(network.parameters(), learning_rate, weight_decay=weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, learning_rate, total_steps=max(1, steps))
    for loss in losses:
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
        yield loss.item()
