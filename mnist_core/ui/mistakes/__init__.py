"""The parts of the Mistakes page, a module each."""
