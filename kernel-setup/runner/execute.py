"""Executes one notebook with nbclient, for execute.mjs.

Standard input: one line of JSON, {"notebook", "kernel", "folder", "timeout"}. Then it stays open: when it closes, the
kernel is stopped and this process ends, so that neither outlives the runner, however the runner ended.

Standard output: one JSON object a line. {"event": "cell", "index"} before each cell; {"event": "progress", "text"}
whenever an output that follows a long computation changes; at the end {"event": "end", "notebook", "error"}, where error is null or {"kind", "index", "name", "message", "traceback"}.
"""

import asyncio
import json
import os
import sys
import threading

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError


def send(**message):
    # Node hands over pipes that do not block: what does not fit into one at once would be lost.
    os.set_blocking(1, True)
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


class Client(NotebookClient):
    def process_message(self, msg, cell, cell_index):
        content = msg["content"]
        name = content.get("metadata", {}).get("gradlab", {}).get("displayId", "")
        text = content.get("data", {}).get("text/plain", "")
        if name.startswith("live-") and text:
            send(event="progress", text=text.split("\n")[0])
        return super().process_message(msg, cell, cell_index)


class Execution:
    def __init__(self, job):
        self.notebook = nbformat.reads(json.dumps(job["notebook"]), as_version=4)
        self.current = None
        self.stopped = False
        self.client = Client(
            self.notebook,
            kernel_name=job["kernel"],
            resources={"metadata": {"path": job["folder"]}},
            timeout=job["timeout"],
            startup_timeout=120,
            record_timing=False,
            on_cell_execute=self.announce,
        )

    def announce(self, cell, cell_index):
        self.current = cell_index
        send(event="cell", index=cell_index)

    async def run(self):
        task = asyncio.ensure_future(self.client.async_execute())
        loop = asyncio.get_running_loop()
        threading.Thread(target=self.stop_at_end_of_input, args=(loop, task), daemon=True).start()
        try:
            await task
            return None
        except CellExecutionError as error:
            reply = self.failed_reply(error)
            return {"kind": "cell", "index": self.current, **reply}
        except CellTimeoutError as error:
            return self.problem("timeout", error)
        except NoSuchKernel as error:
            return self.problem("kernel", error)
        except DeadKernelError as error:
            return self.problem("died", error)
        except asyncio.CancelledError:
            return self.problem("stopped", "stopped")
        except RuntimeError as error:  # jupyter_client: the kernel did not start
            return self.problem("kernel", error)

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
        kind = "stopped" if self.stopped else kind
        return {"kind": kind, "index": self.current, "name": "", "message": str(error), "traceback": ""}

    def stop_at_end_of_input(self, loop, task):
        while os.read(0, 1024):
            pass
        self.stopped = True
        self.client.shutdown_kernel = "immediate"  # it may be in an endless loop
        loop.call_soon_threadsafe(task.cancel)


def main():
    if sys.platform == "win32":  # ZeroMQ needs a selector loop
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
    os.set_blocking(0, True)
    sys.stdout.reconfigure(encoding="utf-8")
    execution = Execution(json.loads(sys.stdin.buffer.readline()))
    error = asyncio.run(execution.run())
    send(event="end", notebook=execution.notebook, error=error)


main()
