"""Claims: what people say of bad models, each tested by an experiment."""

from mnist_core.ui import navigation, services
from mnist_core.ui.claims import claim_page, overview

navigation.guard()

claim = claim_page.selected()
if claim is None:
    overview.show()
else:
    claim_page.show(claim)
services.preload()  # last: nothing on this page waits for torch
