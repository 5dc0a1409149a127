// What TypeScript knows to change in a notebook's cells, as commands of JupyterLab: quick fixes, formatting, imports in order,
// another name in all cells. The kernel answers an `edit_request` (kernel/compiler/edit.ts); what it proposes is put into the cells
// here, where it can be undone.

const category = 'TypeScript';
const codeCell = '.jp-Notebook .jp-CodeCell';

/** The kernels that have told that they are ours. */
const ours = new WeakSet();

/** `lab` has the application, the tracker of its notebooks, its palette, and what JupyterLab shares of dialogs and messages. */
export function addEditing({ app, notebooks, palette, Dialogs, KernelMessage }) {
  const { InputDialog, Notification } = Dialogs;
  const { commands } = app;
  const kernelOf = () => notebooks.currentWidget?.sessionContext.session?.kernel;
  const isOurs = () => ours.has(kernelOf()) && notebooks.activeCell?.model.type === 'code';

  /** What the kernel proposes, or undefined where it says why not. */
  const ask = async (kernel, request) => {
    const message = KernelMessage.createMessage({
      msgType: 'edit_request',
      channel: 'control',
      session: kernel.clientId,
      username: kernel.username,
      content: request,
    });
    const { content } = await kernel.sendControlMessage(message, true, true).done;
    if (content.status === 'ok') return content;
    Notification.warning(content.evalue, { autoClose: 8000 });
    return undefined;
  };

  const edit = async (action, choose) => {
    const { content: notebook } = notebooks.currentWidget;
    const models = notebook.widgets.map(({ model }) => model).filter(({ type }) => type === 'code');
    const { model, editor } = notebook.activeCell;
    const request = {
      action,
      cells: models.map(({ sharedModel }) => sharedModel.getSource()),
      cell: models.indexOf(model),
      cursor: editor?.getOffsetAt(editor.getCursorPosition()) ?? 0,
    };
    const name = action === 'rename' ? await newName(request) : undefined;
    if (action === 'rename' && name === undefined) return;
    const found = await ask(kernelOf(), { ...request, ...(name !== undefined && { name }) });
    if (found === undefined) return;
    const chosen = await choose(found.edits);
    if (chosen !== undefined) apply(chosen, models, request.cells, editor);
    if (found.note) Notification.info(found.note, { autoClose: 15_000 });
  };

  const newName = async ({ cells, cell, cursor }) => {
    const [before] = /[\p{ID_Continue}$]*$/u.exec(cells[cell].slice(0, cursor));
    const [behind] = /^[\p{ID_Continue}$]*/u.exec(cells[cell].slice(cursor));
    const text = before + behind;
    if (text === '') return text; // the kernel says what to do
    const { value, button } = await InputDialog.getText({
      title: `Rename ${text} in all cells`,
      label: 'New name',
      text,
    });
    return button.accept && value ? value.trim() : undefined;
  };

  const first = ([only]) => only;
  const choice = async (edits) => {
    if (edits.length <= 1) return edits[0];
    const items = edits.map(({ title }) => title);
    const { value, button } = await InputDialog.getItem({ title: 'Quick fix', items });
    return button.accept ? edits[items.indexOf(value)] : undefined;
  };

  const add = (id, { label, keys, selector, action, choose = first }) => {
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

/** Puts changes into the cells that still read as they did, each cell's as one step that can be undone. */
function apply({ changes }, models, before, editor) {
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
