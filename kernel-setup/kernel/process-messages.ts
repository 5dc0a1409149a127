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
export type ParentId = number;

/** An order to interrupt what was sent until then is a number behind those, in as many bytes, written to descriptor 4. */
export const interruptLength = 4;

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

/** A value that can be found without running anything: a variable, a member of such a value, or what JSON holds. */
export type LiveExpression = { name: string } | { of: LiveExpression; key: string } | { json: string | LiveExpression };

export interface LiveMember {
  name: string;
  isMethod: boolean;
}

/** A variable, or a member of a value, in a panel of variables. */
export interface Variable {
  name: string;
  /** In a line. */
  value: string;
  type: string;
  /** The number by which its members are asked for; 0 if it has none. */
  reference: number;
}

/** A local file of TypeScript as CommonJS, with an inline source map. */
export interface LocalModule {
  path: string;
  js: string;
  /** Whether it waits at its top level. */
  waits: boolean;
}

/** From the host, over Node's channel between parent and child. */
export type ToCells =
  /** Runs a compiled cell, then answers with `done`. */
  | {
      type: 'run';
      parentId: ParentId;
      /** `msg_id` of the request's header: what front ends know the request by. */
      requestId: string;
      /** What stack traces call it, such as `Cell [3]`. */
      file: string;
      /** The cell as it was typed, for excerpts in error messages. */
      source: string;
      /** The body of an async function, with an inline source map whose lines count one line before the cell. */
      js: string;
      /** Local TypeScript modules, compiled to CommonJS, that are new or have changed: all others are loaded anew. */
      modules: LocalModule[];
      /** Names that the cell declares. */
      names: string[];
      /** Whether the declared names stay for later cells; they do not for user expressions. */
      keep: boolean;
      /** Whether `Jupyter.input` may ask. */
      allowStdin: boolean;
      /** Whether the cell belongs to a run without a front end that ends at the first error. */
      unattended: boolean;
    }
  /** Hands a front end's comm message to its handler, then answers with `handled`. */
  | ({ type: 'comm'; parentId: ParentId; requestId: string } & CommMessage)
  /** The answer to `input-request`: a line of text, or `null` if nobody can answer. */
  | { type: 'input-reply'; id: number; value: string | null }
  /** The answer to `compile`. */
  | { type: 'compiled'; id: number; modules: LocalModule[] }
  /** Asks for the live summary of variables; answered with `summary`. */
  | { type: 'summarize'; id: number; name: string }
  /** Asks what a live value holds; answered with `members`. */
  | { type: 'list-members'; id: number; of: LiveExpression }
  /** Asks for all variables, or for the members of one; answered with `variables`. */
  | { type: 'list-variables'; id: number; of?: number }
  /** Asks how a cell would show a variable; answered with `shown`. */
  | { type: 'show-variable'; id: number; name: string };

/** From the cell process, written synchronously to descriptor 3. */
export type FromCells =
  /** The process is ready for cells. */
  | { type: 'ready' }
  /** The cell has ended. */
  | {
      type: 'done';
      parentId: ParentId;
      /** The value of its last expression; absent if there is none, it is `undefined`, or the cell failed. */
      result?: { data: MimeBundle; metadata: Record<string, Json> };
      error?: ErrorReport;
      /** Those of its names that have a value: all, unless it failed. */
      reached: string[];
    }
  /** A comm message has been handled; `comm_open` of an unknown target is refused. */
  | { type: 'handled'; parentId: ParentId; refused?: boolean }
  /** An error that no cell waits for: an unhandled rejection, an exception in a timer. */
  | { type: 'late-error'; parentId: ParentId; error: ErrorReport }
  /** It has heard of an interrupt, and tidies up before it answers. */
  | { type: 'cleaning-up'; parentId: ParentId }
  | { type: 'stream'; parentId: ParentId; name: 'stdout' | 'stderr'; text: string }
  | {
      type: 'display';
      parentId: ParentId;
      data: MimeBundle;
      metadata: Record<string, Json>;
      displayId?: string;
      /** Replaces what was displayed under `displayId`. */
      update?: boolean;
    }
  /** Empties the output of the cell, at once or with the next output. */
  | { type: 'clear'; parentId: ParentId; wait: boolean }
  /** A child that goes on when the process of the cells ends, and what it runs; without that: it has ended. */
  | { type: 'detached'; pid: number; command?: string }
  /** Any message to all front ends. */
  | {
      type: 'broadcast';
      parentId: ParentId;
      msgType: string;
      content: Record<string, Json>;
      metadata: Record<string, Json>;
      buffers: Uint8Array[];
    }
  | ({ type: 'comm'; parentId: ParentId } & CommMessage)
  /** Asks for a local TypeScript module that no cell imports by its name; answered with `compiled`. */
  | { type: 'compile'; id: number; path: string }
  /** Asks the person for a line; answered with `input-reply`. */
  | { type: 'input-request'; parentId: ParentId; id: number; prompt: string; password: boolean }
  /** The live value of a variable in a few lines, without running getters; `null` if it has none. */
  | { type: 'summary'; id: number; text: string | null }
  /** The members of a value, seen without running getters. */
  | { type: 'members'; id: number; members: LiveMember[] }
  | { type: 'variables'; id: number; variables: Variable[] }
  /** Without data there is no such variable. */
  | { type: 'shown'; id: number; data?: MimeBundle; metadata?: Record<string, Json> };
