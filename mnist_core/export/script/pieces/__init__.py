"""Functions that are lifted into scripts as they stand, each with only what it needs.

A script has 88 columns and no imports but the usual ones, so what stands here keeps to
both. Nothing in the program calls these: they are twins of what the rooms `data` and
`training` do, and their tests compare the two.
"""
