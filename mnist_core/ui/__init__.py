"""What the pages are made of: the only room that knows Streamlit."""
