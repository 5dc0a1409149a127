import type { Signal } from '../jupyterlab';

/** A file or a folder; of a folder, `content` is the list of what is in it. */
export interface FileModel {
  readonly path: string;
  readonly name: string;
  readonly type: string;
  readonly format: string | null;
  readonly last_modified: string;
  readonly content: unknown;
}

/** JupyterLite's files. */
export interface Contents {
  get(path: string, options: { content: boolean }): Promise<FileModel>;
  save(path: string, file: { type: string; format: string; content: unknown }): Promise<unknown>;
  delete(path: string): Promise<void>;
  createCheckpoint(...args: unknown[]): Promise<unknown>;
  readonly fileChanged: Signal;
}
