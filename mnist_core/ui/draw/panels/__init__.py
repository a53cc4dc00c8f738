"""What the Draw page can tell about one digit: a panel for each question, of which one is open at a time."""
