"""What people say of bad MNIST models: a file a claim, each with a `CLAIM`; whatever lies here is found."""

from importlib import import_module
from pkgutil import iter_modules

from mnist_core.claims.claim import Claim

_FOUND: list[Claim] = [import_module(f"{__name__}.{module.name}").CLAIM for module in iter_modules(__path__)]

CLAIMS: dict[str, Claim] = {claim.id: claim for claim in sorted(_FOUND, key=lambda claim: (claim.order, claim.id))}
"""All claims by their ids, in the order in which they are shown."""
