"""How a model learns: networks, augmentation, the loop and the events it announces."""
