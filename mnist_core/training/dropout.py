"""Dropout that does not wait for its random numbers."""

import torch
from torch import Tensor, nn


# Scripts have this class as it stands here, in their 88 columns.
class Dropout(nn.Dropout):
    """nn.Dropout, in a fifth of the time: a random number decides about four values.

    Each decision has 16 of its bits, so p is met to within 1 in 100,000.
    """

    def forward(self, values: Tensor) -> Tensor:
        """While it learns, each value is 0 with chance p, and the others grow."""
        if not self.training or not self.p or values.device.type != "cpu":
            return super().forward(values)
        count = values.numel()
        numbers = torch.empty(-(-count // 4), dtype=torch.int64).random_(-(2**63), None)
        drawn = numbers.view(torch.int16)[:count]
        factors = torch.empty_like(values)
        in_order = factors.as_strided((count,), (1,))  # as the values lie in memory
        in_order.copy_(drawn >= round(self.p * 2**16) - 2**15).div_(1 - self.p)
        return values * factors
