// A kernel that answers every cell with an error: for a Node too old for the kernel, and for a kernel that could not be
// built. It does not depend on a build, and uses syntax that an old Node can read.
import { createHmac, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';

const delimiter = Buffer.from('<IDS|MSG>');

/**
 * Answers every cell with an error, until Jupyter ends this process. Needs the package zeromq; throws if that does not
 * load.
 * @param {string} connectionFile
 * @param {{ ename: string, evalue: string }} reason
 */
export async function runRefusingKernel(connectionFile, reason) {
  const { Publisher, Reply, Router } = createRequire(import.meta.url)('zeromq');
  const connection = JSON.parse(fs.readFileSync(connectionFile, 'utf8'));
  const { transport, ip, key, curve_publickey: curvePublicKey, curve_secretkey: curveSecretKey } = connection;
  const encrypted = curveSecretKey ? { curveServer: true, curvePublicKey, curveSecretKey } : {};
  const open = async (Socket, name) => {
    const socket = new Socket({ linger: 1000, ...encrypted });
    const port = connection[`${name}_port`];
    await socket.bind(transport === 'ipc' ? `ipc://${ip}-${port}` : `tcp://${ip}:${port}`);
    return socket;
  };
  const session = randomUUID();
  const signed = (parts) => {
    const hmac = createHmac((connection.signature_scheme || 'hmac-sha256').slice(5), key || ' ');
    for (const part of parts) hmac.update(part);
    return Buffer.from(key ? hmac.digest('hex') : '');
  };
  const pack = (identities, type, parent, content) => {
    const date = new Date().toISOString();
    const header = { msg_id: randomUUID(), session, username: 'kernel', date, msg_type: type, version: '5.4' };
    const parts = [header, parent, {}, content].map((part) => Buffer.from(JSON.stringify(part)));
    return [...identities, delimiter, signed(parts), ...parts];
  };

  const iopub = await open(Publisher, 'iopub');
  // The socket rejects a send during another one.
  let last = Promise.resolve();
  const publish = (type, parent, content) => {
    last = last.then(() => iopub.send(pack([Buffer.from(type)], type, parent, content)));
    return last;
  };
  const failure = { status: 'error', traceback: `${reason.ename}: ${reason.evalue}`.split('\n'), ...reason };
  const { status, ...error } = failure;
  let count = 0;

  async function answer(type, { code = '', restart = false }, parent) {
    if (type === 'kernel_info_request') return kernelInfo(error.evalue);
    if (type === 'shutdown_request') return { status: 'ok', restart };
    if (type === 'interrupt_request') return { status: 'ok' };
    if (type === 'is_complete_request') return { status: 'unknown' };
    if (type === 'comm_info_request') return { status: 'ok', comms: {} };
    if (type !== 'execute_request') return failure;
    count += 1;
    await publish('execute_input', parent, { code, execution_count: count });
    await publish('error', parent, error);
    return { ...failure, execution_count: count };
  }

  async function listen(socket) {
    for await (const frames of socket) {
      const at = frames.findIndex((frame) => delimiter.equals(frame));
      const [signature, ...parts] = frames.slice(at + 1);
      if (at < 0 || parts.length < 4 || (key && !signed(parts.slice(0, 4)).equals(signature))) continue;
      const [header, , , content] = parts.slice(0, 4).map((part) => JSON.parse(String(part)));
      const type = header.msg_type;
      await publish('status', header, { execution_state: 'busy' });
      const reply = await answer(type, content, header);
      if (/_request$/.test(type))
        await socket.send(pack(frames.slice(0, at), type.replace(/request$/, 'reply'), header, reply));
      await publish('status', header, { execution_state: 'idle' });
      if (type === 'shutdown_request') setTimeout(() => process.exit(0), 100);
    }
  }

  const heartbeat = await open(Reply, 'hb');
  const echo = async () => {
    for await (const frames of heartbeat) await heartbeat.send(frames);
  };
  const routers = await Promise.all(['shell', 'control', 'stdin'].map((name) => open(Router, name)));
  // Notebooks learn by it that a kernel runs. The timer below ends the process if Jupyter is gone.
  publish('status', {}, { execution_state: 'starting' });
  const server = Number(process.env.JPY_PARENT_PID);
  if (process.ppid === server) setInterval(() => process.ppid !== server && process.exit(0), 1000);
  await Promise.all([echo(), ...routers.map(listen)]);
}

const kernelInfo = (banner) => ({
  status: 'ok',
  protocol_version: '5.4',
  implementation: 'gradlab',
  implementation_version: '0',
  banner,
  language_info: {
    name: 'typescript',
    version: '5',
    mimetype: 'text/typescript',
    file_extension: '.ts',
    pygments_lexer: 'typescript',
    codemirror_mode: 'typescript',
  },
  debugger: false,
  supported_features: [],
  help_links: [],
});
