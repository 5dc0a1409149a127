"""Parameters of papermill in TypeScript.

Importing this module registers the translator for every kernel whose language is TypeScript (ours, tslab, Deno). papermill
imports it at its start, as the module of an engine; the engine is papermill's own.
"""

import json
import math
import re

from papermill.engines import NBClientEngine as Engine  # noqa: F401 (an entry point)
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

LARGEST_SAFE_INTEGER = 2**53 - 1


class TypeScriptTranslator(Translator):
    """Writes values as TypeScript, each as a `let`, which declares anew what a cell before has declared."""

    @classmethod
    def translate_none(cls, val):
        return "null"

    @classmethod
    def translate_int(cls, val):
        # A number would be rounded.
        return f"{int(val)}n" if abs(val) > LARGEST_SAFE_INTEGER else f"{int(val)}"

    @classmethod
    def translate_float(cls, val):
        if math.isnan(val):
            return "NaN"
        if math.isinf(val):
            return "Infinity" if val > 0 else "-Infinity"
        return float.__repr__(val)

    @classmethod
    def translate_escaped_str(cls, str_val):
        # JSON, with all but ASCII escaped, is TypeScript.
        return json.dumps(str(str_val))

    @classmethod
    def translate_list(cls, val):
        return "[" + ", ".join(cls.translate(item) for item in val) + "]"

    @classmethod
    def translate_dict(cls, val):
        return "{ " + ", ".join(f"{cls.key(key)}: {cls.translate(item)}" for key, item in val.items()) + " }"

    @classmethod
    def key(cls, key):
        """As `json.dumps` has keys: what is no string becomes the text of its value."""
        name = key if isinstance(key, str) else cls.translate(key).strip('"')
        # By itself this one would set the prototype.
        return '["__proto__"]' if name == "__proto__" else json.dumps(name)

    @classmethod
    def translate(cls, val):
        return cls.translate_list(val) if isinstance(val, tuple) else super().translate(val)

    @classmethod
    def comment(cls, cmt_str):
        return "\n".join(f"// {line}".strip() for line in str(cmt_str).splitlines() or [""])

    @classmethod
    def assign(cls, name, str_val):
        # Of text, lists and objects the notebook may have had a narrower type ("mean" | "sum", a pair, optional keys),
        # which only their own cell tells: `any` goes wherever they went.
        is_plain = re.fullmatch(r"true|false|-?(Infinity|NaN|\d[\d.e+n-]*)", str_val)
        return f"let {name}{'' if is_plain else ': any'} = {str_val};"

    @classmethod
    def inspect(cls, parameters_cell):
        """The variables that the cell declares: `const rate: number = 0.1; // step size`."""
        return [
            Parameter(name, kind or kind_of(value), value, help_text)
            for name, kind, value, help_text in declarations(parameters_cell["source"])
        ]


def kind_of(value):
    """The type of a literal; papermill's word for one that is not known is "None"."""
    patterns = {
        "boolean": r"true|false",
        "bigint": r"-?\d+n",
        "number": r"[-+]?(Infinity|NaN|0[xXbBoO][\da-fA-F_]+|(\d[\d_]*\.?[\d_]*|\.\d+)([eE][-+]?\d+)?)",
        "string": r"(?s:\".*\"|'.*'|`.*`)",
    }
    return next((kind for kind, pattern in patterns.items() if re.fullmatch(pattern, value)), "None")


TOKEN = re.compile(
    r"""(?sx)
    (?P<comment>//[^\n]*|/\*.*?\*/)
    |(?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)
    |(?P<word>[\w$]+)
    |(?P<space>\s+)
    |(?P<sign>=>|[=!<>]=+|.)
    """
)


def declarations(source):
    """Yields name, type, value and comment of the variables that stand at the top of a cell."""
    tokens = [(match.lastgroup, match.group()) for match in TOKEN.finditer(source)]
    i = 0
    while i < len(tokens):
        kind, text = tokens[i]
        if kind == "word" and text in ("const", "let", "var"):
            i += 1
            more = True
            while more:
                declared, i, more = declarator(tokens, i)
                if declared is not None:
                    yield declared
        elif text in OPENING:
            i = after_bracket(tokens, i)
        else:
            i += 1


OPENING = {"(": ")", "[": "]", "{": "}"}


def after_bracket(tokens, i):
    depth = 0
    while i < len(tokens):
        text = tokens[i][1] if tokens[i][0] == "sign" else ""
        depth += (text in OPENING) - (text in OPENING.values())
        i += 1
        if depth == 0:
            break
    return i


def declarator(tokens, i):
    """One `name: type = value`, where the next token is, and whether a comma says that another one follows."""
    parts, part, angles = {"name": "", "type": "", "value": ""}, "name", 0
    while i < len(tokens):
        kind, text = tokens[i]
        ends_line = kind == "space" and "\n" in text
        if kind == "comment":
            i += 1
            continue
        if part == "type" and text in "<>":
            angles += 1 if text == "<" else -1
        if text in (";", ",") and angles == 0:
            break
        if ends_line and parts[part].strip() and not goes_on(parts[part], tokens, i):
            break
        if part == "name" and text == ":":
            part = "type"
        elif part != "value" and text == "=":
            part = "value"
        else:
            end = after_bracket(tokens, i) if text in OPENING and kind == "sign" else i + 1
            parts[part] += "".join(text for kind, text in tokens[i:end] if kind != "comment")
            i = end
            continue
        i += 1
    more = i < len(tokens) and tokens[i][1] == ","
    help_text = comment_behind(tokens, i)
    name, type_, value = (re.sub(r"\s*\n\s*", " ", text).strip() for text in parts.values())
    if not re.fullmatch(r"[^\W\d][\w$]*|\$[\w$]*", name) or not value:
        return None, i + more, more
    return (name, type_, value, help_text), i + more, more


def goes_on(text, tokens, i):
    """Whether a line end stands within an expression: an operator before or behind it says so."""
    behind = next((text for kind, text in tokens[i:] if kind not in ("space", "comment")), "")
    return re.search(r"[-+*/%&|?:=<>.,(\[{]\s*$", text) is not None or behind[:1] in tuple("?:.&|+*/%=")


def comment_behind(tokens, i):
    """The comment between here and the end of the line."""
    line = []
    for kind, text in tokens[max(0, i - 2) : i]:
        line = [text] if kind == "comment" else line if kind == "space" and "\n" not in text else []
    for kind, text in tokens[i:]:
        if kind == "comment":
            line.append(text)
        elif text not in ";," and not (kind == "space" and "\n" not in text):
            break
    return " ".join(" ".join(re.sub(r"^//|^/\*+|\*/$", "", text).split()) for text in line)


papermill_translators.register("typescript", TypeScriptTranslator)
