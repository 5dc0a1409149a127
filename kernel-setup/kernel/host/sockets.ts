// The kernel's five sockets, as Jupyter's connection file names them.
import fs from 'node:fs';
import { Reply, Router, XPublisher } from 'zeromq';

/** What Jupyter writes into the connection file. */
export interface Connection {
  transport: 'tcp' | 'ipc';
  ip: string;
  shell_port: number;
  control_port: number;
  stdin_port: number;
  iopub_port: number;
  hb_port: number;
  key: string;
  signature_scheme?: string;
}

export interface Sockets {
  shell: Router;
  control: Router;
  stdin: Router;
  /** Tells of every subscription, so that the subscriber can be welcomed. */
  iopub: XPublisher;
  /** Closes all; what has been sent still goes out. */
  close(): void;
}

// Nothing is dropped, however much waits. No send waits either: these kinds of socket take every message at once, and the
// package would refuse a second one during a wait.
const sending = { sendHighWaterMark: 0, sendTimeout: 0 };
/** How long, in milliseconds, messages on their way have after the sockets are closed. */
const linger = 1000;

export function readConnection(file: string): Connection {
  return JSON.parse(fs.readFileSync(file, 'utf8')) as Connection;
}

export async function openSockets(connection: Connection): Promise<Sockets> {
  // A client that connects again under its old identity takes the place of what it was.
  const router = () => new Router({ ...sending, receiveHighWaterMark: 0, handover: true, linger });
  const shell = router();
  const control = router();
  const stdin = router();
  const iopub = new XPublisher({ ...sending, linger, verbosity: 'allSubs' });
  const heartbeat = new Reply({ linger: 0 });
  const addressOf = ({ transport, ip }: Connection, port: number) =>
    transport === 'ipc' ? `ipc://${ip}-${port}` : `tcp://${ip}:${port}`;
  await Promise.all([
    shell.bind(addressOf(connection, connection.shell_port)),
    control.bind(addressOf(connection, connection.control_port)),
    stdin.bind(addressOf(connection, connection.stdin_port)),
    iopub.bind(addressOf(connection, connection.iopub_port)),
    heartbeat.bind(addressOf(connection, connection.hb_port)),
  ]);
  void echo(heartbeat);
  return {
    shell,
    control,
    stdin,
    iopub,
    close() {
      for (const socket of [shell, control, stdin, iopub, heartbeat]) socket.close();
    },
  };
}

async function echo(heartbeat: Reply): Promise<void> {
  for await (const frames of heartbeat) await heartbeat.send(frames);
}
