"""Causes: what people say of bad models, each tested by experiment."""

from mnist_core.ui import navigation, services
from mnist_core.ui.causes import chosen, overview, selection

navigation.guard()

claim = selection.chosen()
if claim is None:
    overview.show()
else:
    chosen.show(claim)
services.warm()  # last: nothing on this page waits for torch
