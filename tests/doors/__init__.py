"""Every door by which something from outside comes in, and what is thrown at it.

`python -m tests.doors --cases 200000` or `--minutes 10` throws more than the tests do.
"""
