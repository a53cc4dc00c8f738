"""The classic mistakes in the code around a model: their catalogue, their simulation, their symptoms."""
