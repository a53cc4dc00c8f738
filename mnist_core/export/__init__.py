"""What people take away: a run as a script, its model as a file, and a card that says what the model is."""
