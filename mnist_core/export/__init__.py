"""Exports of a run: as a script, its model as a file, its curve as a table, and a model card."""
