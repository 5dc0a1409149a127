// Messages between the kernel's two processes: the host, which speaks Jupyter's protocol and compiles, and the cell process,
// which runs the compiled cells.

/** JSON values. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
/** Representations of one value by MIME type. */
export type MimeBundle = Record<string, Json>;

/**
 * Number of the request that something belongs to: a cell or a comm message. All output carries it, also late output, so
 * that the front end shows it in the right place.
 */
export type ParentId = number;

/** Length of an interrupt in bytes: the number up to which requests are cancelled, written to descriptor 4. */
export const interruptLength = 4;

/** An error as in the protocol. */
export interface ErrorReport {
  ename: string;
  evalue: string;
  /** Lines, which may contain ANSI colours. */
  traceback: string[];
}

/** A message of a comm, in either direction. */
export interface CommMessage {
  action: 'open' | 'msg' | 'close';
  commId: string;
  /** The comm's target; only when it is opened. */
  targetName?: string;
  data: Record<string, Json>;
  metadata: Record<string, Json>;
  buffers: Uint8Array[];
}

/** A value that can be found without running code: a variable, a member of such a value, or parsed JSON. */
export type LiveExpression = { name: string } | { of: LiveExpression; key: string } | { json: string | LiveExpression };

export interface LiveMember {
  name: string;
  isMethod: boolean;
}

/** A variable, or a member of a value, in a panel of variables. */
export interface Variable {
  name: string;
  /** The value in one line. */
  value: string;
  type: string;
  /** The number for requesting its members; 0 if it has none. */
  reference: number;
}

/** A local TypeScript file compiled to CommonJS, with an inline source map. */
export interface LocalModule {
  path: string;
  js: string;
  /** Whether it has a top-level `await`. */
  waits: boolean;
}

/** From the host, over Node's IPC channel. */
export type ToCells =
  /** Runs a compiled cell; answered with `done`. */
  | {
      type: 'run';
      parentId: ParentId;
      /** `msg_id` of the request's header. */
      requestId: string;
      /** Its name in stack traces, such as `Cell [3]`. */
      file: string;
      /** The source as typed, for excerpts in error messages. */
      source: string;
      /** The body of an async function, with an inline source map. Its lines are shifted by one. */
      js: string;
      /** New or changed local TypeScript modules, compiled to CommonJS. */
      modules: LocalModule[];
      /** Names that the cell declares. */
      names: string[];
      /** Whether its names remain for later cells; false for user expressions. */
      keep: boolean;
      /** Whether `Jupyter.input` is allowed. */
      allowStdin: boolean;
      /** Whether it belongs to a run without a front end that stops at the first error. */
      unattended: boolean;
    }
  /** A front end's comm message; answered with `handled`. */
  | ({ type: 'comm'; parentId: ParentId; requestId: string } & CommMessage)
  /** The answer to `input-request`: a line of text, or `null` if no front end can answer. */
  | { type: 'input-reply'; id: number; value: string | null }
  /** The answer to `compile`. */
  | { type: 'compiled'; id: number; modules: LocalModule[] }
  /** Requests the summary of a live value; answered with `summary`. */
  | { type: 'summarize'; id: number; of: LiveExpression }
  /** Requests the members of a live value; answered with `members`. */
  | { type: 'list-members'; id: number; of: LiveExpression }
  /** Requests all variables, or the members of one; answered with `variables`. */
  | { type: 'list-variables'; id: number; of?: number }
  /** Requests the bundle of a variable; answered with `shown`. */
  | { type: 'show-variable'; id: number; name: string };

/** From the cell process, written synchronously to descriptor 3. */
export type FromCells =
  /** The process is ready for cells. */
  | { type: 'ready' }
  /** The cell has ended. */
  | {
      type: 'done';
      parentId: ParentId;
      /** The value of its last expression; absent if there is none, if it is `undefined`, or if the cell failed. */
      result?: { data: MimeBundle; metadata: Record<string, Json> };
      error?: ErrorReport;
      /** The cell's names that have a value: all, unless it failed. */
      reached: string[];
    }
  /** A comm message has been handled; `refused` for `comm_open` of an unknown target. */
  | { type: 'handled'; parentId: ParentId; refused?: boolean }
  /** An uncaught error after its cell has ended: an unhandled rejection, an exception in a timer. */
  | { type: 'late-error'; parentId: ParentId; error: ErrorReport }
  /** An interrupt has arrived, and cleanup runs before the answer. */
  | { type: 'cleaning-up'; parentId: ParentId }
  | { type: 'stream'; parentId: ParentId; name: 'stdout' | 'stderr'; text: string }
  | {
      type: 'display';
      parentId: ParentId;
      data: MimeBundle;
      metadata: Record<string, Json>;
      displayId?: string;
      /** Whether to replace the display with this id. */
      update?: boolean;
    }
  /** Clears the cell's output, at once or with the next output. */
  | { type: 'clear'; parentId: ParentId; wait: boolean }
  /** A detached child and its command; without a command, it has exited. */
  | { type: 'detached'; pid: number; command?: string }
  /** A message of any type to all front ends. */
  | {
      type: 'broadcast';
      parentId: ParentId;
      msgType: string;
      content: Record<string, Json>;
      metadata: Record<string, Json>;
      buffers: Uint8Array[];
    }
  | ({ type: 'comm'; parentId: ParentId } & CommMessage)
  /** Requests compilation of a local module imported by a computed name; answered with `compiled`. */
  | { type: 'compile'; id: number; path: string }
  /** Prompts the user for a line; answered with `input-reply`. */
  | { type: 'input-request'; parentId: ParentId; id: number; prompt: string; password: boolean }
  /** A summary of a variable in a few lines, made without running getters; `null` if it has no value. */
  | { type: 'summary'; id: number; text: string | null }
  /** The members of a live value, found without running getters. */
  | { type: 'members'; id: number; members: LiveMember[] }
  | { type: 'variables'; id: number; variables: Variable[] }
  /** Without data, the variable does not exist. */
  | { type: 'shown'; id: number; data?: MimeBundle; metadata?: Record<string, Json> };
