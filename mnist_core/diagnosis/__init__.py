"""Why one digit is misclassified: prediction, causes, measurements, attribution."""
