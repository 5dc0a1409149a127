// What TypeScript knows to change in a notebook's cells, as commands of JupyterLab: quick fixes, formatting, imports in order,
// another name in all cells. The kernel answers an `edit_request` (kernel/compiler/edit.ts); what it proposes is put into the cells
// here, where it can be undone.

import type {
  Application,
  Cell,
  CellModel,
  CommandPalette,
  Editor,
  Kernel,
  Notifications,
  Panel,
  Signal,
} from '../jupyterlab';

const category = 'TypeScript';
const codeCell = '.jp-Notebook .jp-CodeCell';

/** The kernels that have answered that they are ours. */
const ours = new WeakSet<Kernel>();

/** JupyterLab's list of open notebooks. */
export interface Tracker {
  readonly currentWidget: Panel | null;
  readonly activeCell: Cell | null;
  readonly widgetAdded: Signal<unknown, Panel>;
  readonly activeCellChanged: Signal;
}

interface Answer<T> {
  readonly value: T | null;
  readonly button: { readonly accept: boolean };
}

/** What JupyterLab shares of dialogs and messages. */
export interface Dialogs {
  readonly InputDialog: {
    getText(options: { title: string; label: string; text: string }): Promise<Answer<string>>;
    getItem(options: { title: string; items: readonly string[] }): Promise<Answer<string>>;
  };
  readonly Notification: Notifications;
}

interface EditingParts {
  readonly app: Application;
  readonly notebooks: Tracker;
  readonly palette: CommandPalette | null;
  readonly Dialogs: Dialogs;
  readonly KernelMessage: { createMessage(options: object): unknown };
}

type Action = 'fix' | 'format' | 'organize' | 'rename';

/** What the kernel is asked: see EditRequest in kernel/compiler/types.ts. */
interface Request {
  readonly action: Action;
  readonly cells: readonly string[];
  /** The cell and the place in it that the cursor is at. */
  readonly cell: number;
  readonly cursor: number;
  readonly name?: string;
}

/** Changes of cells with one title. */
interface Edit {
  readonly title: string;
  readonly changes: readonly {
    readonly cell: number;
    readonly from: number;
    readonly to: number;
    readonly text: string;
  }[];
}

interface Proposal {
  readonly status: 'ok';
  readonly edits: readonly Edit[];
  readonly note?: string;
}

type Reply = Proposal | { readonly status: 'error'; readonly evalue: string };
type Choose = (edits: readonly Edit[]) => Edit | undefined | Promise<Edit | undefined>;

interface Command {
  readonly label: string;
  readonly keys: readonly string[];
  readonly selector: string;
  readonly action: Action;
  readonly choose?: Choose;
}

/** Adds the commands to JupyterLab. */
export function addEditing({ app, notebooks, palette, Dialogs, KernelMessage }: EditingParts): void {
  const { InputDialog, Notification } = Dialogs;
  const { commands } = app;
  const kernelOf = () => notebooks.currentWidget?.sessionContext.session?.kernel;
  const isOurs = () => {
    const kernel = kernelOf();
    return kernel != null && ours.has(kernel) && notebooks.activeCell?.model.type === 'code';
  };

  /** What the kernel proposes, or undefined where it says why not. */
  const ask = async (kernel: Kernel, request: Request): Promise<Proposal | undefined> => {
    const message = KernelMessage.createMessage({
      msgType: 'edit_request',
      channel: 'control',
      session: kernel.clientId,
      username: kernel.username,
      content: request,
    });
    const { content } = (await kernel.sendControlMessage(message, true, true).done) as { content: Reply };
    if (content.status === 'ok') return content;
    Notification.warning(content.evalue, { autoClose: 8000 });
    return undefined;
  };

  const edit = async (action: Action, choose: Choose) => {
    const { content: notebook } = notebooks.currentWidget!;
    const models = notebook.widgets.map(({ model }) => model).filter(({ type }) => type === 'code');
    const { model, editor } = notebook.activeCell!;
    const request: Request = {
      action,
      cells: models.map(({ sharedModel }) => sharedModel.getSource()),
      cell: models.indexOf(model),
      cursor: editor?.getOffsetAt(editor.getCursorPosition()) ?? 0,
    };
    const name = action === 'rename' ? await newName(request) : undefined;
    if (action === 'rename' && name === undefined) return;
    const found = await ask(kernelOf()!, { ...request, ...(name !== undefined && { name }) });
    if (found === undefined) return;
    const chosen = await choose(found.edits);
    if (chosen !== undefined) apply(chosen, models, request.cells, editor);
    if (found.note) Notification.info(found.note, { autoClose: 15_000 });
  };

  const newName = async ({ cells, cell, cursor }: Request) => {
    const [before] = /[\p{ID_Continue}$]*$/u.exec(cells[cell]!.slice(0, cursor))!;
    const [after] = /^[\p{ID_Continue}$]*/u.exec(cells[cell]!.slice(cursor))!;
    const text = before + after;
    if (text === '') return text; // the kernel says what to do
    const { value, button } = await InputDialog.getText({
      title: `Rename ${text} in all cells`,
      label: 'New name',
      text,
    });
    return button.accept && value ? value.trim() : undefined;
  };

  const first: Choose = ([only]) => only;
  const choice: Choose = async (edits) => {
    if (edits.length <= 1) return edits[0];
    const items = edits.map(({ title }) => title);
    const { value, button } = await InputDialog.getItem({ title: 'Quick fix', items });
    return button.accept && value !== null ? edits[items.indexOf(value)] : undefined;
  };

  const add = (id: string, { label, keys, selector, action, choose = first }: Command) => {
    const command = `gradlab:${id}`;
    commands.addCommand(command, { label, isEnabled: isOurs, isVisible: isOurs, execute: () => edit(action, choose) });
    commands.addKeyBinding({ command, keys, selector });
    palette?.addItem({ command, category });
    app.contextMenu.addItem({ command, selector: codeCell, rank: 20 });
  };
  const inEditor = '.jp-Notebook.jp-mod-editMode .jp-CodeCell';
  const anywhere = '.jp-Notebook';
  add('fix', { label: 'Quick Fix…', keys: ['Accel .'], selector: anywhere, action: 'fix', choose: choice });
  add('format', { label: 'Format Cell', keys: ['Alt Shift F'], selector: anywhere, action: 'format' });
  add('organize-imports', { label: 'Sort Imports', keys: ['Alt Shift O'], selector: anywhere, action: 'organize' });
  add('rename', { label: 'Rename in All Cells…', keys: ['F2'], selector: inEditor, action: 'rename' });

  notebooks.widgetAdded.connect((_, { sessionContext }) => {
    const look = async () => {
      const kernel = sessionContext.session?.kernel;
      if (!kernel || ours.has(kernel) || !['idle', 'busy'].includes(kernel.status)) return;
      if ((await kernel.info).implementation !== 'gradlab') return;
      ours.add(kernel);
      for (const id of ['fix', 'format', 'organize-imports', 'rename']) commands.notifyCommandChanged(`gradlab:${id}`);
    };
    const start = () => look().catch(() => {}); // the kernel has ended: the next one is asked
    sessionContext.statusChanged.connect(start);
    void start();
  });
  notebooks.activeCellChanged.connect(() => commands.notifyCommandChanged());
}

/** Puts changes into the cells that have not changed since, each cell's as one step that can be undone. */
function apply(
  { changes }: Edit,
  models: readonly CellModel[],
  before: readonly string[],
  editor: Editor | null,
): void {
  for (const [i, { sharedModel }] of models.entries()) {
    const own = changes.filter(({ cell }) => cell === i).sort((a, b) => b.from - a.from);
    if (own.length === 0 || sharedModel.getSource() !== before[i]) continue;
    sharedModel.undoManager?.stopCapturing();
    sharedModel.transact(() => {
      for (const { from, to, text } of own) sharedModel.updateSource(from, to, text);
    });
    sharedModel.undoManager?.stopCapturing();
  }
  editor?.focus();
}
