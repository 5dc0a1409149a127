"""Drives a kernel for a program in Node, by nbclient: runs one notebook, or answers requests.

Standard input: requests, one JSON object a line. When it closes, the kernel is stopped and this process ends, so that
neither outlives that program, however it ended. The first request is one of

{"kind": "notebook", "notebook", "kernel", "folder", "timeout"}: executes it to its end, or to the first cell that fails.
{"kind": "start", "kernel", "folder"}: then the other requests of `Session` may follow.

Standard output: one JSON object a line: the answers, {"failure"} among them, and of a notebook {"event": "cell", "index"}
before each cell; {"event": "progress", "text"} whenever an output that follows a long computation changes; at the end
{"event": "end", "notebook", "error"}, where error is null or {"kind", "index", "name", "message", "traceback"}.
"""

import asyncio
import json
import os
import queue
import re
import socket
import sys
import threading

import nbformat
import zmq
from jupyter_client.connect import port_names
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat.v4 import new_code_cell, new_notebook, new_output


def send(**message):
    # Node hands over pipes that do not block: what does not fit into one at once would be lost.
    os.set_blocking(1, True)
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


# Below the ports that systems give to connections: Jupyter's own choice is one of those, and may be given away before the
# kernel listens there. The process id keeps apart what starts at the same time.
PORTS = range(12_000, 32_000)


def free_ports():
    """A port for each of a kernel's sockets."""
    count = len(port_names)
    blocks = len(PORTS) // count
    for attempt in range(blocks):
        first = PORTS.start + (os.getpid() + 997 * attempt) % blocks * count
        ports = range(first, first + count)
        if all(map(is_free, ports)):
            return ports
    raise RuntimeError(f"no free ports from {PORTS.start} to {PORTS.stop - 1}; try to end programs that listen there")


def is_free(port):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def client_for(request, notebook, client_class, **options):
    return client_class(
        notebook,
        kernel_name=request["kernel"],
        resources={"metadata": {"path": request["folder"]}},
        startup_timeout=120,
        record_timing=False,
        **options,
    )


class Client(NotebookClient):
    def create_kernel_manager(self):
        manager = super().create_kernel_manager()
        manager.cache_ports = False
        for name, port in zip(port_names, free_ports(), strict=True):
            setattr(manager, name, port)
        return manager

    def process_message(self, msg, cell, cell_index):
        result = super().process_message(msg, cell, cell_index)
        # What an Output widget has nbclient send goes past asyncio's view of the socket, and takes with it the signal that a reply
        # has come: it would be seen when the cell's time is over. To ask for the socket's events has asyncio look again.
        self.kc.shell_channel.socket.get(zmq.EVENTS)
        return result


class UncaughtError(Exception):
    """An error that a cell left and nothing caught: the content of the reply that says so."""


class ReportingClient(Client):
    async def async_execute_cell(self, cell, cell_index, *args, **options):
        executed = await super().async_execute_cell(cell, cell_index, *args, **options)
        if cell_index == len(self.nb.cells) - 1:
            await self.ask_for_uncaught()
        return executed

    async def ask_for_uncaught(self):
        """Our kernel fails a cell, here an empty one, if an earlier cell left an error that nothing caught."""
        reply = await self.kc.execute("", reply=True, timeout=self.timeout)
        if reply["content"]["status"] == "error":
            raise UncaughtError(reply["content"])

    def process_message(self, msg, cell, cell_index):
        content = msg["content"]
        name = content.get("metadata", {}).get("gradlab", {}).get("displayId", "")
        text = content.get("data", {}).get("text/plain", "")
        if name.startswith("live-") and text:
            send(event="progress", text=text.split("\n")[0])
        return super().process_message(msg, cell, cell_index)


class Execution:
    """The execution of one notebook."""

    def __init__(self, request):
        self.notebook = nbformat.reads(json.dumps(request["notebook"]), as_version=4)
        self.current = None
        self.client = client_for(
            request, self.notebook, ReportingClient, timeout=request["timeout"], on_cell_execute=self.announce
        )

    def announce(self, cell, cell_index):
        self.current = cell_index
        send(event="cell", index=cell_index)

    async def run(self, requests):
        error = await self.execute()
        send(event="end", notebook=self.notebook, error=error)

    async def execute(self):
        try:
            await self.client.async_execute()
            return None
        except CellExecutionError as error:
            reply = self.failed_reply(error)
            return {"kind": "cell", "index": self.cause_of(reply["traceback"]), **reply}
        except UncaughtError as error:
            content = error.args[0]
            traceback = "\n".join(content["traceback"])
            index = self.cause_of(traceback)
            shown = {key: content[key] for key in ("ename", "evalue", "traceback")}
            self.notebook.cells[index].outputs.append(new_output("error", **shown))
            reply = {"name": shown["ename"], "message": shown["evalue"], "traceback": traceback}
            return {"kind": "cell", "index": index, **reply}
        except TimeoutError as error:  # CellTimeoutError is one
            return self.problem("timeout", error)
        except NoSuchKernel as error:
            return self.problem("kernel", error)
        except DeadKernelError as error:
            return self.problem("died", error)
        except asyncio.CancelledError:
            return self.problem("stopped", "stopped")
        except RuntimeError as error:  # jupyter_client: the kernel did not start
            return self.problem("kernel", error)

    def cause_of(self, traceback):
        """The index of the cell that left the error, which the kernel names if that is an earlier one."""
        named = re.match(r"Nothing caught this error of Cell \[(\d+)\]", traceback)
        count = int(named[1]) if named else None
        cells = enumerate(self.notebook.cells)
        return next((i for i, cell in cells if count and cell.get("execution_count") == count), self.current)

    def failed_reply(self, error):
        # The traceback is in the cell's output, except under stock tslab, which writes it to stderr.
        outputs = self.notebook.cells[self.current].outputs
        shown = next((output for output in outputs if output.output_type == "error"), None)
        if shown is not None:
            return {"name": shown.ename, "message": shown.evalue, "traceback": "\n".join(shown.traceback)}
        stderr = "".join(output.text for output in outputs if output.get("name") == "stderr")
        name = error.ename if error.ename != "<Error>" else ""
        return {"name": name, "message": error.evalue, "traceback": stderr}

    def problem(self, kind, error):
        return {"kind": kind, "index": self.current, "name": "", "message": str(error), "traceback": ""}


class Session:
    """A kernel that answers requests; each of its methods is one."""

    def __init__(self, request):
        self.status = "ok"
        self.client = client_for(
            request, new_notebook(), Client, allow_errors=True, shutdown_kernel="immediate", on_cell_executed=self.note
        )

    def note(self, cell, cell_index, execute_reply):
        self.status = execute_reply["content"]["status"]

    async def run(self, requests):
        async with self.client.async_setup_kernel():
            send(pid=self.client.km.provisioner.pid)
            while True:
                request = await requests.get()
                try:
                    answer = await getattr(self, request.pop("kind"))(**request)
                except Exception as error:  # the program that asked reports it
                    answer = {"failure": f"{type(error).__name__}: {error}"}
                send(**answer)

    async def execute(self, code, timeout):
        """Runs one cell; its outputs are in the form of a notebook file."""
        cell = new_code_cell(code)
        self.client.nb.cells.append(cell)
        self.client.timeout = timeout
        await self.client.async_execute_cell(cell, len(self.client.nb.cells) - 1)
        return {"status": self.status, "outputs": cell.outputs}

    async def widgets(self, timeout):
        """The widgets that front ends were told of: their attributes by id."""
        return {"states": self.client.widget_state}

    async def move(self, model, state, display, timeout):
        """Sets attributes of a widget, as a front end does. Gives the output that has changed by it, if it is there in time."""
        kc = self.client.kc
        data = {"method": "update", "state": state, "buffer_paths": []}
        message = kc.session.msg("comm_msg", {"comm_id": model, "data": data})
        kc.shell_channel.send(message)
        asked = message["header"]["msg_id"]
        while True:
            try:
                message = await kc.get_iopub_msg(timeout=timeout)
            except queue.Empty:
                return {"data": None}
            content = message["content"]
            if message["parent_header"].get("msg_id") != asked or message["msg_type"] != "update_display_data":
                continue
            if content["transient"]["display_id"] == display:
                return {"data": content["data"]}

    async def complete(self, code, cursor, timeout):
        return (await self.client.kc.complete(code, cursor, reply=True, timeout=timeout))["content"]

    async def inspect(self, code, cursor, timeout):
        return (await self.client.kc.inspect(code, cursor, reply=True, timeout=timeout))["content"]

    async def comm_info(self, timeout):
        return (await self.client.kc.comm_info(reply=True, timeout=timeout))["content"]

    async def restart(self, timeout):
        await self.client.km.restart_kernel(now=True)
        await self.client.kc.wait_for_ready(timeout=timeout)
        return {}


async def drive():
    loop, task, requests = asyncio.get_running_loop(), asyncio.current_task(), asyncio.Queue()
    running = None

    def stop():
        if running is not None:
            running.client.shutdown_kernel = "immediate"  # it may be in an endless loop
        task.cancel()

    def read():
        for line in sys.stdin.buffer:
            loop.call_soon_threadsafe(requests.put_nowait, json.loads(line))
        loop.call_soon_threadsafe(stop)

    threading.Thread(target=read, daemon=True).start()
    request = await requests.get()
    running = (Execution if request["kind"] == "notebook" else Session)(request)
    await running.run(requests)


def main():
    if sys.platform == "win32":  # ZeroMQ needs a selector loop
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
    os.set_blocking(0, True)
    sys.stdout.reconfigure(encoding="utf-8")
    try:
        asyncio.run(drive())
    except asyncio.CancelledError:
        pass  # nobody asks any more


main()
