"""The views of the Draw page, one at a time: each has `show(scene)`."""
