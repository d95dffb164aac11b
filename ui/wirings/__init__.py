"""The pieces of the page about the four ways of wiring input to output."""
