"""What the model learns from: MNIST, as it ships with the project."""
