"""How everything in checkpoints/ was made, so that anyone can make it again."""
