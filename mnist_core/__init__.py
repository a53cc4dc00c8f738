"""Digit Clinic's core: everything but the pages. Importing it never loads streamlit."""

from pathlib import Path

_INSTALLED = Path(__file__).with_name("_app")

APP_FOLDER = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).parents[1]
"""Where app.py and pages/ are: in an installed app inside the package, otherwise beside it."""
