"""What the views of the Draw page are called, in its menu, in links and in lessons."""

# By name, the file of `content/` with its words.
VIEWS = {
    "Row by row": "draw",
    "When does it know?": "when",
    "Inside one unit": "unit",
    "Memory map": "journey",
    "What if?": "what_if",
    "Which pixels mattered?": "blame",
}
# What can be changed under "What if?".
CHANGES = ("Erase rows", "Shift", "Turn", "Forget", "Transplant")
