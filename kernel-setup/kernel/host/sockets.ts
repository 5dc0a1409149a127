// The kernel's five sockets, as Jupyter's connection file names them.
import fs from 'node:fs';
import { capability, Reply, Router, XPublisher } from 'zeromq';
import {
  type Abilities,
  addressOf,
  type ChannelName,
  type Connection,
  ConnectionError,
  channelNames,
  checkConnection,
  pathOf,
} from './connection';

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

const abilities: Abilities = {
  ipc: capability.ipc === true,
  curve: capability.curve === true,
  longestPath: process.platform === 'linux' ? 107 : 103,
};

/** @throws {ConnectionError} */
export async function openSockets(connection: Connection): Promise<Sockets> {
  checkConnection(connection, abilities);
  const { curve_publickey: curvePublicKey, curve_secretkey: curveSecretKey } = connection;
  // Whoever does not know the public key, which is in the connection file alone, gets no connection.
  const encrypted = curveSecretKey === undefined ? {} : { curveServer: true, curvePublicKey, curveSecretKey };
  // A client that connects again under its old identity takes the place of what it was.
  const router = () => new Router({ ...sending, receiveHighWaterMark: 0, handover: true, linger, ...encrypted });
  const sockets = {
    shell: router(),
    control: router(),
    stdin: router(),
    iopub: new XPublisher({ ...sending, linger, verbosity: 'allSubs', ...encrypted }),
    hb: new Reply({ linger: 0, ...encrypted }),
  };
  const bind = async (name: ChannelName) => {
    const address = addressOf(connection, name);
    await sockets[name].bind(address).catch((error: Error) => {
      throw new ConnectionError(`the kernel cannot listen at ${address}: ${error.message}`);
    });
  };
  await Promise.all(channelNames.map(bind));
  void echo(sockets.hb);
  return {
    ...sockets,
    close() {
      for (const name of channelNames) {
        sockets[name].close();
        if (connection.transport === 'ipc') fs.rmSync(pathOf(connection, name), { force: true });
      }
    },
  };
}

async function echo(heartbeat: Reply): Promise<void> {
  for await (const frames of heartbeat) await heartbeat.send(frames);
}
