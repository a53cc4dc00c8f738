"""What people say of bad MNIST models, tested: each claim is a paired experiment with an effect and an interval."""
