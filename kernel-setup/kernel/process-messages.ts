// What the two processes of the kernel say to each other: the host, which speaks Jupyter's protocol and compiles, and the
// cell process, which runs what was compiled.

/** Values that can stand in JSON. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
/** Representations of one value by MIME type. */
export type MimeBundle = Record<string, Json>;

/**
 * Number of the request that something belongs to: the cell that is running, or the comm message that is handled. All
 * output carries it, also what is made long after, so that the front end shows it in its place.
 */
export type Context = number;

/** An order to interrupt a request is the number of its context in as many bytes, written to descriptor 4. */
export const orderLength = 4;

/** An error as the protocol wants it. */
export interface ErrorReport {
  ename: string;
  evalue: string;
  /** Lines, which may hold ANSI colours. */
  traceback: string[];
}

/** A message of a comm, in either direction. */
export interface CommMessage {
  action: 'open' | 'msg' | 'close';
  commId: string;
  /** What the comm is for; given when it is opened. */
  targetName?: string;
  data: Record<string, Json>;
  metadata: Record<string, Json>;
  buffers: Uint8Array[];
}

/** From the host, over Node's channel between parent and child. */
export type ToCells =
  /** Runs a compiled cell, then answers with `done`. */
  | {
      type: 'run';
      context: Context;
      /** `msg_id` of the request's header: what front ends know the context by. */
      requestId: string;
      /** What stack traces call it, such as `Cell [3]`. */
      file: string;
      /** The cell as it was typed, for excerpts in error messages. */
      source: string;
      /** The body of an async function, with an inline source map whose lines count one line before the cell. */
      js: string;
      /** Local TypeScript modules, compiled to CommonJS, that are new or have changed: all others are loaded anew. */
      modules: { path: string; js: string }[];
      /** Names that the cell declares. */
      names: string[];
      /** Whether the declared names stay for later cells; they do not for user expressions. */
      keep: boolean;
      /** Whether `Jupyter.input` may ask. */
      allowStdin: boolean;
    }
  /** Hands a front end's comm message to its handler, then answers with `handled`. */
  | ({ type: 'comm'; context: Context; requestId: string } & CommMessage)
  /** The answer to `ask`: a line of text, or `null` if nobody can answer. */
  | { type: 'answer'; id: number; value: string | null }
  /** Asks for the live summary of variables; answered with `summary`. */
  | { type: 'summarize'; id: number; name: string };

/** From the cell process, written synchronously to descriptor 3. */
export type FromCells =
  /** The process is ready for cells. */
  | { type: 'ready' }
  /** The cell has ended. */
  | {
      type: 'done';
      context: Context;
      /** The value of its last expression; absent if there is none, it is `undefined`, or the cell failed. */
      result?: { data: MimeBundle; metadata: Record<string, Json> };
      error?: ErrorReport;
      /** Those of its names that have a value: all, unless it failed. */
      reached: string[];
    }
  /** A comm message has been handled; `comm_open` of an unknown target is refused. */
  | { type: 'handled'; context: Context; refused?: boolean }
  /** An error that no cell waits for: an unhandled rejection, an exception in a timer. */
  | { type: 'late-error'; context: Context; error: ErrorReport }
  | { type: 'stream'; context: Context; name: 'stdout' | 'stderr'; text: string }
  | {
      type: 'display';
      context: Context;
      data: MimeBundle;
      metadata: Record<string, Json>;
      displayId?: string;
      /** Replaces what was displayed under `displayId`. */
      update?: boolean;
    }
  /** Empties the output of the cell, at once or with the next output. */
  | { type: 'clear'; context: Context; wait: boolean }
  /** Any message to all front ends. */
  | {
      type: 'broadcast';
      context: Context;
      msgType: string;
      content: Record<string, Json>;
      metadata: Record<string, Json>;
      buffers: Uint8Array[];
    }
  | ({ type: 'comm'; context: Context } & CommMessage)
  /** Asks the person for a line; answered with `answer`. */
  | { type: 'ask'; context: Context; id: number; prompt: string; password: boolean }
  /** The live value of a variable in a few lines, without running getters; `null` if it has none. */
  | { type: 'summary'; id: number; text: string | null };
