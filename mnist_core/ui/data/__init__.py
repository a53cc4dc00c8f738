"""The Data page, a module a part of it."""
