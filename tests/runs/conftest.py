from tests.runs.engines import cluster_elsewhere, engine, store

__all__ = ["cluster_elsewhere", "engine", "store"]
