"""A recipe as a script of its own: a tutorial that trains this one model and holds nothing that it does not need.

Whole functions are lifted from real Python (`pieces_*`), which is linted and typed like the rest; what depends on the
recipe line by line is put together from templates in the module of each part: data, augmentation, model, training.
"""
