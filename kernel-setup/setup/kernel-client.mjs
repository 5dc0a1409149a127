import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDriver } from './jupyter-driver.mjs';

/**
 * Starts a kernel through Jupyter, as JupyterLab does, and sends requests.
 * @param {{ paths: ReturnType<typeof import('./paths.mjs').projectPaths>, env: NodeJS.ProcessEnv }} context
 * @param {string} name the kernelspec's name
 * @param {string} folder the notebook's folder
 */
export async function startKernel(context, name, folder) {
  const driver = startDriver(context);
  const { child, stderr } = driver;
  const answers = driver.lines[Symbol.asyncIterator]();
  const closed = once(child, 'close');

  async function nextAnswer() {
    const { value, done } = await answers.next();
    if (done) throw new Error(`The kernel ${name} did not start or ended:\n${stderr().trim()}`);
    const answer = JSON.parse(value);
    if (answer.failure) throw new Error(`${answer.failure}\n${stderr().trim()}`);
    return answer;
  }

  /** Requests are answered in order; `timeout` is in seconds. */
  driver.ask({ kind: 'start', kernel: name, folder });
  let last = nextAnswer();
  function ask(kind, request = {}, timeout = 60) {
    last = last.then(() => {
      driver.ask({ kind, timeout, ...request });
      return nextAnswer();
    });
    return last;
  }

  const { pid } = await last;
  return {
    /** Process ids of the kernel and of the driver, which takes the Jupyter server's place. */
    pid,
    serverPid: child.pid,
    /** Runs a cell with a timeout in seconds: its status, and its outputs as in a notebook file. */
    async execute(code, timeout) {
      for (;;) {
        const result = await ask('execute', { code }, timeout);
        // tslab drops requests in the 200 ms after an error, with a status of its own.
        if (result.status !== 'abort') return result;
        await sleep(50);
      }
    },
    /** Completion at the end of `code`, or at the position `cursor`. */
    complete: (code, cursor = code.length) => ask('complete', { code, cursor }),
    /** The result of Shift-Tab at the end of `code`, or at the position `cursor`. */
    inspect: (code, cursor = code.length) => ask('inspect', { code, cursor }),
    /** The open comms: target names by id. */
    comms: async () => (await ask('comm_info')).comms,
    /** The widgets sent to front ends: attributes by id. */
    widgets: async () => (await ask('widgets')).states,
    /** Sets attributes of a widget. Returns the data of the output that changes, or null if none does within `timeout`. */
    move: async (model, state, display, timeout) => (await ask('move', { model, state, display }, timeout)).data,
    restart: () => ask('restart', {}, 120),
    /** What Jupyter and the kernel wrote on stderr so far. */
    stderr,
    async stop() {
      child.stdin.end();
      await closed;
    },
  };
}

/** The text a cell printed: all of its streams, results and errors. */
export function textOf({ outputs }) {
  return outputs
    .map((output) => output.text ?? output.data?.['text/plain'] ?? `${output.ename}: ${output.evalue}`)
    .join('');
}
