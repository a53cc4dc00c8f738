"""The shipped models: weights (safetensors), recipe and card (JSON) of each, made by `ship`."""
