"""How long a test waits for what must come: it ends a test that hangs, and says nothing about speed."""

PATIENCE_S = 300.0
"""So much that no busy or slow machine needs it."""
