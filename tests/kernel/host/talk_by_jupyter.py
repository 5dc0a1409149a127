"""Starts the kernel by jupyter_client's manager in the way that is given, speaks on all channels, and prints what it saw."""

import json
import os
import sys

from jupyter_client.manager import KernelManager

way, folder = sys.argv[1:]
options = {
    "ipc": {"transport": "ipc"},
    "curve": {"transport_encryption": "required"},
    "both": {"transport": "ipc", "transport_encryption": "required"},
}[way]
os.chdir(folder)
manager = KernelManager(kernel_name="gradlab", connection_file=os.path.join(folder, "kernel.json"), **options)
manager.start_kernel(cwd=folder)
seen = {"encrypted": bool(manager.get_connection_info().get("curve_secretkey"))}


def run(client, code, **options):
    outputs = []
    hook = lambda message: outputs.append(message["content"])
    reply = client.execute_interactive(code, timeout=60, output_hook=hook, **options)
    texts = [output["data"]["text/plain"] for output in outputs if "data" in output]
    return [reply["content"]["status"], *texts]


def answer(message):
    client.input("Ada")


def sockets():
    return len([name for name in os.listdir(folder) if name.startswith("kernel-ipc-")])


for round in ("first", "restarted"):
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    told = run(client, "await Jupyter.input('name? ')", allow_stdin=True, stdin_hook=answer)
    client.control_channel.send(client.session.msg("kernel_info_request", {}))
    control = client.get_control_msg(timeout=60)["msg_type"]
    client.hb_channel.unpause()
    seen[round] = {"asked": told, "control": control, "beating": client.hb_channel.is_beating(), "sockets": sockets()}
    client.stop_channels()
    if round == "first":
        manager.restart_kernel()
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=60)
client.shutdown()
manager.provisioner.process.wait(60)
seen["left"] = sockets()
manager.shutdown_kernel()
print(json.dumps(seen))
