"""How right a model is on a set of labelled images, and where it is not."""
