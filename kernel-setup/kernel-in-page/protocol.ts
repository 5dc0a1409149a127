// Messages between the workers of the kernel in a page, beyond those in Node.
import type { FromCompiler, ToCompiler } from '../kernel/compiler/serve';
import type { FromCells, ParentId, ToCells } from '../kernel/process-messages';

/** Current texts by path; `null` for a deleted file. */
export type Files = Record<string, string | null>;

/** The notebook's folder and the address of data sets. */
export interface Place {
  /** Such as /drive/notebooks/002-gradient-descent. */
  folder: string;
  /** The address of the folder with data sets. */
  data: string;
}

/** From the page to the host, beside messages of Jupyter's protocol. */
export type ToHost = { type: 'start'; place: Place } | { type: 'files'; files: Files };

/** From the host to the compiler, and back. */
export type HostToCompiler =
  | { type: 'start'; folder: string; files: Files }
  | { type: 'files'; files: Files }
  | ToCompiler;
export type { FromCompiler };

/** How a loop polls for an interrupt, since a looping worker reads no messages. */
export interface StopSign {
  /** With shared memory: the request to cancel. */
  memory?: Int32Array;
  /** Otherwise: a URL that is revoked to cancel the request. */
  address?: string;
}

/** From the host to the cells. */
export type HostToCells =
  /** `life` names a lock that the worker holds until it ends. */
  | { type: 'start'; place: Place; files: Files; sign: StopSign; life: string }
  | { type: 'files'; files: Files }
  | { type: 'interrupt'; parentId: ParentId; sign: StopSign }
  | ToCells;
export type { FromCells };

/** From the cells through the host to the page: reads a user's file. The answer is sent to the port. */
export interface Read {
  type: 'read';
  path: string;
  port: MessagePort;
}
export type ReadAnswer = { bytes?: Uint8Array } | { error: string };

/** Likewise: writes a user's file. The answer has no bytes. */
export interface Write {
  type: 'write';
  path: string;
  bytes: Uint8Array;
  /** Whether to create missing folders. */
  makesFolders: boolean;
  port: MessagePort;
}
