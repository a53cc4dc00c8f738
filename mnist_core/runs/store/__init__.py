"""Where runs, their events, weights and kept digits are saved: one SQL database."""
