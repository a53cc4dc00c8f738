"""How a run gets from the form to a worker process and what it says comes back."""
