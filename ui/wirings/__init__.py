"""The page about the four wirings: what it asks, and what it shows of each."""
