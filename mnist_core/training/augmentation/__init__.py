"""The kinds of augmentation, a file each; `training.augment` brings them together."""
