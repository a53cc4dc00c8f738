"""A run on the Train page: how far it is, what can be done to it, what is seen of it, and what is left of it."""
