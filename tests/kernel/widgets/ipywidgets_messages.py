"""Prints what ipywidgets sends for widgets that are made and changed: the reference for the kernel's widgets.

Reads a list of scenarios [[name, arguments, changes], ...] as JSON; `{"children": 2}` stands for two labels.
"""
import json
import sys

import comm
import ipywidgets
from comm.base_comm import BaseComm

sent = []


class RecordingComm(BaseComm):
    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        content = {"type": msg_type, "id": self.comm_id, "data": data, "metadata": metadata or {}}
        sent.append({**content, "buffers": len(buffers or [])})


comm.create_comm = lambda *args, **kwargs: RecordingComm(*args, **kwargs)


def messages_of(name, arguments, changes):
    if "children" in arguments:
        arguments = {**arguments, "children": [ipywidgets.Label() for _ in range(arguments["children"])]}
    sent.clear()
    try:
        widget = getattr(ipywidgets, name)(**arguments)
        for attribute, value in changes:
            setattr(widget, attribute, value)
    except Exception as error:
        return {"error": type(error).__name__}
    return {"messages": list(sent)}


print(json.dumps([messages_of(*scenario) for scenario in json.load(sys.stdin)]))
