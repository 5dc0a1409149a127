"""Prints cells that papermill would inject, of random values, and what the kernel must read there.

A value is described as ["number", text], ["bigint", text], ["text", codes], ["list", …], ["object", [[codes, value], …]],
["null"] or ["boolean", value], so that no JSON rounds it.
"""

import json
import random
import sys

from papermill.translators import papermill_translators

generator = random.Random(int(sys.argv[1]))
ODD = ['"', "'", "`", "\\", "\n", "\r", "\t", "\0", "${x}", "</script>", "\u2028", "\u2029", "é", "漢", "😀", "\x7f", "*/", "//", " "]
KEYS = ["", "a b", "__proto__", "constructor", "0", "-1", "1e3", "class", "ключ", "a-b", "toString"]
NUMBERS = [0.0, -0.0, 1e16, 1e22, 5e-324, 1.7976931348623157e308, float("inf"), float("-inf"), float("nan"), 0.1, -1e-7]
INTEGERS = [0, -1, 2**53 - 1, 2**53, -(2**53), 10**40, -(10**25), 255]


def text():
    letters = [generator.choice([*ODD, *"abcXYZ019_"]) for _ in range(generator.randrange(8))]
    return "".join(letters)


def value(depth):
    kind = generator.randrange(8 if depth > 0 else 5)
    if kind == 0:
        return generator.choice([None, True, False])
    if kind == 1:
        return generator.choice([*INTEGERS, generator.randrange(-1000, 1000), generator.getrandbits(80)])
    if kind == 2:
        return generator.choice([*NUMBERS, generator.uniform(-10, 10), generator.gauss(0, 1) * 10 ** generator.randrange(-300, 300)])
    if kind in (3, 4):
        return text()
    if kind == 7:
        keys = [generator.choice([*KEYS, text()]) for _ in range(generator.randrange(5))]
        return {key: value(depth - 1) for key in keys}
    items = [value(depth - 1) for _ in range(generator.randrange(5))]
    return tuple(items) if kind == 6 else items


def codes(string):
    units = string.encode("utf-16-le", "surrogatepass")
    return [units[i] + 256 * units[i + 1] for i in range(0, len(units), 2)]


def described(item):
    if item is None:
        return ["null"]
    if isinstance(item, bool):
        return ["boolean", item]
    if isinstance(item, int):
        return ["number" if abs(item) < 2**53 else "bigint", str(item)]
    if isinstance(item, float):
        return ["number", repr(item).replace("inf", "Infinity").replace("nan", "NaN")]
    if isinstance(item, str):
        return ["text", codes(item)]
    if isinstance(item, dict):
        return ["object", sorted([codes(key), described(inner)] for key, inner in item.items())]
    return ["list", [described(inner) for inner in item]]


parameters = {f"v{i}": value(3) for i in range(int(sys.argv[2]))}
translator = papermill_translators.find_translator("some-kernel", "typescript")
comment = "Parameters\nof " + text()
source = translator.codify(parameters, comment)
json.dump({"source": source, "expected": {name: described(item) for name, item in parameters.items()}}, sys.stdout)
