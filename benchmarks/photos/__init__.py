"""How many photos of digits are read, by what is difficult about them."""
