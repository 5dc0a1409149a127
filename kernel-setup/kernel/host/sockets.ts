// The kernel's five sockets.
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
  /** Reports subscriptions, so that subscribers can be welcomed. */
  iopub: XPublisher;
  /** Closes all sockets after pending messages have been sent. */
  close(): void;
}

// No message is dropped, and no send blocks: these sockets accept every message at once, and the package would reject a
// second send during a wait.
const sending = { sendHighWaterMark: 0, sendTimeout: 0 };
/** Milliseconds for pending messages after the sockets are closed. */
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
  // Only clients with the public key, from the connection file, can connect.
  const encrypted = curveSecretKey === undefined ? {} : { curveServer: true, curvePublicKey, curveSecretKey };
  // A client that reconnects with the same identity replaces its old connection.
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
