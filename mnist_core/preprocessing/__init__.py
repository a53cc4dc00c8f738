"""What people draw: pictures and pen strokes, and the way from them to the 28x28 digit that a model sees."""
