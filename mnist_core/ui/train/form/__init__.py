"""The left column of the Train page: the recipe as controls, and what can be seen of it before training."""
