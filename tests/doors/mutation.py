"""Valid files, damaged: flipped, cut, spliced, repeated, and with words that mean something."""

import json
from collections.abc import Sequence
from random import Random
from typing import Any

WORDS = [
    *(b"null", b"true", b"NaN", b"Infinity", b"-1", b"0", b"1e308", b"1e400", b"9" * 400, b"-0.0"),
    *(b"[]", b"{}", b'""', b"[[[[[[", b"}", b",", b'"\\u0000"', b'"\\ud800"', b"\xff\xfe", b"\n"),
    *(b"\x00", b"\x00" * 9, b"\xff" * 8, b"\x7f\xff\xff\xff", b"../../", b"<b>", b"F64", b"BF16"),
    *(b"I64", b"F8_E4M3", b"data_offsets", b"IHDR", b"IDAT", b"acTL", b"zTXt", b"iCCP", b"eXIf"),
    *(b"\xff\xd8\xff", b"\xff\xda", b"\xff\xc0", b"\xff\xc4", b"\x89PNG\r\n\x1a\n"),
    *(b"RIFF", b"VP8X", b"VP8L", b"ANMF", b"ftypheic", b"ispe", b"iloc", b"grid", b"irot", b"hvcC"),
    *(b"1e-300", b"\xe6\xb1a\x7f"),  # the latter is 3e38 as a float32
]
ODD: list[Any] = [
    *(None, True, False, 0, -1, 1, 2.5, -0.0, 1e308, -1e308, 5e-324, 10**9, 2**31, 2**63, 10**400),
    *(
        float("nan"),
        float("inf"),
        -float("inf"),
        "",
        "x",
        "\0",
        "\ud800",
        "9" * 5000,
        "<b>",
        "running",
    ),
    *([], {}, [[]], [None], {"": None}, ["x"] * 3, [0.5] * 28, [0.5] * 224, [[0, 1e300]], ["Q", 1]),
]


def damaged(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """The data, damaged as bytes or, if it is JSON, as values."""
    if data[:1] in b"{[" and random.random() < 0.6:
        return with_odd_values(data, random)
    return mutated(data, random, others)


def with_odd_values(data: bytes, random: Random) -> bytes:
    """JSON, or lines of it, with one to three values replaced by odd ones."""
    lines = data.splitlines()
    for _ in range(random.randint(1, 3)):
        place = random.randrange(len(lines))
        tree = [json.loads(lines[place])]
        spot: Any = tree
        key: Any = 0
        while isinstance(spot[key], dict | list) and spot[key] and random.random() < 0.9:
            spot = spot[key]
            key = (
                random.choice(list(spot)) if isinstance(spot, dict) else random.randrange(len(spot))
            )
        spot[key] = random.choice(ODD)
        if isinstance(spot, dict) and random.random() < 0.2:
            del spot[key]
        lines[place] = json.dumps(tree[0] if tree else None).encode()
    return b"\n".join(lines) + b"\n" * data.endswith(b"\n")


def mutated(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """The data after one to four changes; the parts of `others` may get into it."""
    changed = bytearray(data)
    for _ in range(random.randint(1, 4)):
        place = random.randrange(len(changed) + 1)
        match random.randrange(7):
            case 0 if place < len(changed):
                changed[place] ^= 1 << random.randrange(8)
            case 1 if place < len(changed):
                changed[place] = random.randrange(256)
            case 2:
                del changed[place:]
            case 3:
                del changed[place : place + random.randint(1, 40)]
            case 4:
                word = random.choice(WORDS)
                changed[place : place + random.choice([0, 1, len(word)])] = word
            case 5:
                other = random.choice(others)
                start = random.randrange(len(other) + 1)
                changed[place : place + random.randint(0, 60)] = other[start : start + 60]
            case _:
                part = bytes(changed[place : place + random.randint(1, 60)])
                changed[place:place] = part * random.randint(1, 20)
    return bytes(changed)
