from tests.runs.engines import engine, store

__all__ = ["engine", "store"]
