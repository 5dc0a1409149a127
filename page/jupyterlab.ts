// The parts of JupyterLab that page/ uses. It shares its packages at run time only.

/** JSON that is not looked at. */
export type Json = Record<string, unknown>;

export interface Signal<Sender = unknown, Args = unknown> {
  connect(slot: (sender: Sender, args: Args) => void): void;
  disconnect(slot: (sender: Sender, args: Args) => void): void;
}

/** The contents of an output, by MIME type: text may be in lines. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** An output as a notebook stores it. */
export interface StoredOutput {
  readonly output_type?: string;
  readonly data?: MimeBundle;
  readonly metadata?: Json;
}

export interface OutputModel {
  readonly data: MimeBundle;
  readonly metadata: Json;
  toJSON(): StoredOutput;
}

export interface OutputList {
  readonly length: number;
  readonly isDisposed: boolean;
  get(i: number): OutputModel;
  set(i: number, output: StoredOutput): void;
  toJSON(): StoredOutput[];
}

export interface SharedCell {
  readonly source: string;
  getSource(): string;
  updateSource(from: number, to: number, text: string): void;
  transact(change: () => void): void;
  readonly undoManager?: { stopCapturing(): void };
}

export interface CellModel {
  readonly id: string;
  readonly type: string;
  /** Of code cells. */
  readonly outputs?: OutputList;
  readonly sharedModel: SharedCell;
}

export interface Editor {
  getCursorPosition(): object;
  getOffsetAt(position: object): number;
  focus(): void;
}

export interface Widget {
  readonly node: HTMLElement;
  children(): Iterable<Widget>;
}

export interface Cell {
  readonly model: CellModel;
  readonly node: HTMLElement;
  readonly editor: Editor | null;
  inputHidden: boolean;
  /** Of code cells; `future`: the run that is followed. */
  readonly outputArea?: { readonly node: HTMLElement; readonly future?: unknown; readonly widgets: readonly Widget[] };
}

export interface NotebookModel {
  readonly cells: Iterable<CellModel>;
  readonly contentChanged: Signal;
  readonly stateChanged: Signal<unknown, { name: string; newValue: unknown }>;
  dirty: boolean;
  readonly metadata?: { readonly widgets?: Readonly<Record<string, { readonly state?: object } | undefined>> };
  deleteMetadata?(name: string): void;
  readonly sharedModel: { readonly metadata?: { readonly gradlab?: { readonly site?: { readonly path?: unknown } } } };
  toJSON(): StoredNotebook;
  fromJSON(notebook: StoredNotebook): void;
}

export interface StoredNotebook {
  readonly cells: readonly { readonly source?: string | readonly string[] }[];
}

/** The widget of a notebook's cells. */
export interface Notebook {
  readonly node: HTMLElement;
  readonly isDisposed: boolean;
  readonly model: NotebookModel | null;
  readonly widgets: readonly Cell[];
  readonly activeCell: Cell | null;
  activeCellIndex: number;
  deselectAll(): void;
  scrollToItem(at: number, where: string): Promise<void>;
  setFragment(fragment: string): Promise<void> | void;
  readonly rendermime: {
    readonly sanitizer: { sanitize(html: string): string };
    readonly latexTypesetter: { typeset(node: HTMLElement): void } | null;
  };
}

export interface Context {
  readonly ready: Promise<unknown>;
  readonly path: string;
  readonly model: NotebookModel;
  readonly saveState: Signal<Context, string>;
  save(...args: unknown[]): Promise<unknown>;
  saveAs(...args: unknown[]): Promise<unknown>;
  revert(): Promise<unknown>;
}

/** What a kernel sends to all its clients. */
export interface KernelMessage {
  readonly header: { readonly msg_type: string };
  readonly content: unknown;
}

export interface Comm {
  readonly isDisposed: boolean;
  open(): unknown;
  send(data: object): unknown;
}

export interface Kernel {
  readonly status: string;
  readonly isDisposed: boolean;
  readonly handleComms: boolean;
  readonly clientId: string;
  readonly username: string;
  readonly info: Promise<{ readonly implementation: string }>;
  createComm(target: string): Comm;
  restart(): Promise<void>;
  sendControlMessage(message: unknown, expectReply: boolean, disposeOnDone: boolean): { done: Promise<unknown> };
}

export interface SessionContext {
  readonly session: { readonly kernel: Kernel | null } | null;
  readonly statusChanged: Signal;
  readonly iopubMessage: Signal<unknown, KernelMessage>;
}

/** A notebook in a tab. */
export interface Panel {
  readonly content: Notebook;
  readonly context: Context;
  readonly sessionContext: SessionContext;
  readonly toolbar: { insertBefore(at: string, name: string, widget: object): boolean };
  readonly isDisposed: boolean;
  readonly disposed: Signal;
  readonly revealed: Promise<unknown>;
}

/** A cell has been executed. */
export type Executed = Signal<unknown, { notebook: Notebook; cell: Cell; success: boolean }>;

interface NotificationOptions {
  readonly autoClose: number;
  readonly actions?: readonly { readonly label: string; callback(): void }[];
}

/** Messages at the window's edge. */
export type Notifications = Record<
  'info' | 'success' | 'warning' | 'error',
  (text: string, options?: NotificationOptions) => unknown
>;

export interface CommandPalette {
  addItem(item: { command: string; category: string }): unknown;
}

export interface Commands {
  addCommand(
    id: string,
    command: { label: string; execute(): unknown; isEnabled?(): boolean; isVisible?(): boolean },
  ): unknown;
  addKeyBinding(binding: { command: string; keys: readonly string[]; selector: string }): unknown;
  notifyCommandChanged(id?: string): void;
}

/** JupyterLab itself. */
export interface Application {
  readonly commands: Commands;
  readonly contextMenu: { addItem(item: { command: string; selector: string; rank: number }): unknown };
  resolveOptionalService<T>(token: unknown): Promise<T | null>;
}
