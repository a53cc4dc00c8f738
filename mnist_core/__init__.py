"""Digit Clinic's core: everything but the pages. Importing it never loads streamlit."""
