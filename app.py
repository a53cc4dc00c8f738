"""Digit Clinic: draw a digit, break the model, find out why."""

from mnist_core.ui import navigation

navigation.set_up()
navigation.run()
