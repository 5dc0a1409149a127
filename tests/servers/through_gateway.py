"""Runs a notebook's cells in a kernel behind a gateway, as a Jupyter server given --gateway-url does, without a page.

Arguments: the gateway's address, the notebook. Prints one JSON object for each code cell: {"status", "mimes", "text"}.
"""

import asyncio
import json
import os
import sys

from jupyter_server.gateway.managers import GatewayClient, GatewayKernelManager


async def run(notebook):
    with open(notebook) as file:
        cells = [cell for cell in json.load(file)["cells"] if cell["cell_type"] == "code"]
    manager = GatewayKernelManager()
    await manager.start_kernel(kernel_name="gradlab", cwd=os.path.dirname(os.path.abspath(notebook)))
    client = manager.client()
    await client.start_channels()
    for cell in cells:
        request = client.execute("".join(cell["source"]))
        mimes, text = [], ""
        while True:
            message = await client.iopub_channel.get_msg(timeout=120)
            if message["parent_header"].get("msg_id") != request:
                continue
            content = message["content"]
            mimes += content.get("data", {})
            text += content.get("data", {}).get("text/plain", "") + content.get("evalue", "")
            if content.get("execution_state") == "idle":
                break
        reply = await client.shell_channel.get_msg(timeout=120)
        print(json.dumps({"status": reply["content"]["status"], "mimes": mimes, "text": text}), flush=True)
    await manager.shutdown_kernel(now=True)
    os._exit(0)  # the threads of its channels would wait for the gateway


GatewayClient.instance().url = sys.argv[1]
asyncio.run(run(sys.argv[2]))
