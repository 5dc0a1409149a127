"""Writes tests/tuner/data/job-schema.json, the JSON schema of a Kubernetes Job, from the wheel of kubernetes-validate (PyPI), which carries
those of Kubernetes (Apache-2.0): what Job reaches, strict about names, without descriptions.

    pip download --no-deps kubernetes-validate==1.37.0
    python scripts/kubernetes-job-schema.py kubernetes_validate-1.37.0-py3-none-any.whl v1.37.0
"""

import json
import re
import sys
import zipfile
from pathlib import Path

wheel, version = sys.argv[1:]
folder = f"kubernetes_validate/kubernetes-json-schema/{version}-local-strict"
with zipfile.ZipFile(wheel) as archive:
    everything = json.loads(archive.read(f"{folder}/_definitions.json"))["$defs"]


def plain(schema):
    """A part of a schema as the test needs it: references within the file, no words."""
    if isinstance(schema, list):
        return [plain(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {}
    for key, value in schema.items():
        if key == "$ref":
            kept[key] = "#/$defs/" + value.split("/")[-1]
        elif (key == "description" and isinstance(value, str)) or key.startswith("x-kubernetes") or key == "format":
            continue
        else:
            kept[key] = plain(value)
    return kept


root = "io.k8s.api.batch.v1.Job"
reached, left = {}, [root]
while left:
    name = left.pop()
    if name in reached:
        continue
    reached[name] = plain(everything[name])
    left += re.findall(r'"#/\$defs/([^"]+)"', json.dumps(reached[name]))

schema = {
    "$comment": f"A Kubernetes Job, {version} (Apache-2.0); written by scripts/kubernetes-job-schema.py",
    "$ref": f"#/$defs/{root}",
    "$defs": dict(sorted(reached.items())),
}
target = Path(__file__).parent.parent / "tests" / "tuner" / "data" / "job-schema.json"
target.write_text(json.dumps(schema, separators=(",", ":")) + "\n")
