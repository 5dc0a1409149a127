// What the workers of the kernel in a page say to each other beyond what its parts say in Node.
import type { FromCompiler, ToCompiler } from '../kernel/compiler/serve';
import type { FromCells, ParentId, ToCells } from '../kernel/process-messages';

/** Texts by path, as they are now: `null` for a file that is gone. */
export type Files = Record<string, string | null>;

/** The notebook's folder and where everything else is. */
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

/** How a loop hears of an interrupt, since a worker that loops reads no messages. */
export interface StopSign {
  /** Where pages may share memory: the request that is to end stands here. */
  memory?: Int32Array;
  /** Elsewhere: an address that has been taken back when the request is to end. */
  address?: string;
}

/** From the host to the cells. */
export type HostToCells =
  /** `life` is the name of a lock that the worker holds for as long as it lives. */
  | { type: 'start'; place: Place; files: Files; sign: StopSign; life: string }
  | { type: 'files'; files: Files }
  | { type: 'interrupt'; parentId: ParentId; sign: StopSign }
  | ToCells;
export type { FromCells };

/** From the cells, by the host, to the page: what a file of the reader's holds. The answer comes to the port. */
export interface Read {
  type: 'read';
  path: string;
  port: MessagePort;
}
export type ReadAnswer = { bytes?: Uint8Array } | { error: string };

/** The same way: what a file of the reader's is to hold. The answer has no bytes. */
export interface Write {
  type: 'write';
  path: string;
  bytes: Uint8Array;
  /** Whether the folders that it lies in are made. */
  makesFolders: boolean;
  port: MessagePort;
}
