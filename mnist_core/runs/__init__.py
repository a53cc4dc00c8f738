"""Where runs live and run: the store, the engine that trains, and the models that can be asked."""
