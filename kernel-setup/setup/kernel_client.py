"""Runs a kernel for another program: one JSON request a line on stdin, one JSON answer a line on stdout.

Arguments: the kernel's name and the folder to run it in. The kernel stops when stdin ends.
"""

import json
import sys
from queue import Empty

from jupyter_client.manager import start_new_kernel


def execute(client, code, timeout):
    """Runs one cell and gathers its outputs in the form of a notebook file, until the kernel is idle."""
    outputs = []
    request = client.execute(code)
    while True:
        message = client.get_iopub_msg(timeout=timeout)
        if message["parent_header"].get("msg_id") != request:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "status" and content["execution_state"] == "idle":
            break
        if kind == "stream" and outputs and outputs[-1].get("name") == content["name"]:
            outputs[-1]["text"] += content["text"]
        elif kind in ("stream", "display_data", "execute_result", "error"):
            outputs.append({"output_type": kind, **content})
    reply = client.get_shell_msg(timeout=timeout)
    while reply["parent_header"].get("msg_id") != request:
        reply = client.get_shell_msg(timeout=timeout)
    return {"status": reply["content"]["status"], "outputs": outputs}


def answer(manager, client, request):
    kind = request.pop("kind")
    timeout = request.pop("timeout")
    if kind == "execute":
        return execute(client, request["code"], timeout)
    if kind == "complete":
        return client.complete(request["code"], request["cursor"], reply=True, timeout=timeout)["content"]
    if kind == "inspect":
        return client.inspect(request["code"], request["cursor"], reply=True, timeout=timeout)["content"]
    if kind == "comm_info":
        return client.comm_info(reply=True, timeout=timeout)["content"]
    if kind == "restart":
        manager.restart_kernel(now=True)
        client.wait_for_ready(timeout=timeout)
        return {}
    raise ValueError(f"unknown request {kind}")


def main():
    name, folder = sys.argv[1:]
    manager, client = start_new_kernel(kernel_name=name, cwd=folder, startup_timeout=120)
    try:
        print(json.dumps({"pid": manager.provisioner.pid}), flush=True)
        for line in sys.stdin:
            try:
                result = answer(manager, client, json.loads(line))
            except Empty:
                result = {"failure": "the kernel did not answer in time"}
            except Exception as error:  # the program that asked reports it
                result = {"failure": f"{type(error).__name__}: {error}"}
            print(json.dumps(result), flush=True)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


main()
