// Our JupyterLab extension and outputs that change in place, without a page; tests/browser tests it in one.
import { beforeEach, describe, expect, test } from 'vitest';
import { followUpdates, takeChanges } from '../../page/outputs/outputs';

type Slot = (sender: unknown, value?: unknown) => void;
function signal() {
  const slots: Slot[] = [];
  return {
    connect: (slot: Slot) => slots.push(slot),
    emit: (value?: unknown) => {
      for (const slot of slots) slot(undefined, value);
    },
  };
}

interface Output {
  data: unknown;
  metadata: { gradlab?: { displayId: string } };
}

/** A cell with an output for each name; `future` is set if JupyterLab follows its run. */
function cell(type: string, names: (string | undefined)[], future?: object) {
  const list = names.map(
    (displayId, i): Output => ({
      data: `old ${i}`,
      metadata: displayId === undefined ? {} : { gradlab: { displayId } },
    }),
  );
  const outputs = {
    length: list.length,
    get: (i: number) => list[i],
    set: (i: number, value: Output) => {
      list[i] = value;
    },
  };
  return { list, model: { type, outputs }, outputArea: { future } };
}

const messages = () => {
  const iopubMessage = signal();
  const send = (msg_type: string, content: object) => iopubMessage.emit({ header: { msg_type }, content });
  return { iopubMessage, send };
};

test('updates the outputs with the id of an update, in cells whose run is not followed, and no others', () => {
  const widgets = [
    cell('code', ['a', undefined, 'b', 'a', '']),
    cell('code', ['a'], {}), // its run is followed: JupyterLab itself updates it
    cell('markdown', ['a']),
  ];
  const { iopubMessage, send } = messages();
  followUpdates({ sessionContext: { iopubMessage }, content: { widgets } } as never);
  const update = (type: string, transient: unknown, data: string) => send(type, { data, metadata: {}, transient });
  const now = () => widgets.map(({ list }) => list.map(({ data }) => data));
  update('update_display_data', undefined, 'without transient');
  update('update_display_data', {}, 'without an id');
  update('update_display_data', { display_id: '' }, 'with an empty id');
  update('update_display_data', { display_id: 7 }, 'with a number');
  update('update_display_data', { display_id: 'c' }, 'with another id');
  update('display_data', { display_id: 'a' }, 'no update');
  expect(now()).toEqual([['old 0', 'old 1', 'old 2', 'old 3', 'old 4'], ['old 0'], ['old 0']]);
  update('update_display_data', { display_id: 'a' }, 'new');
  expect(now()).toEqual([['new', 'old 1', 'old 2', 'new', 'old 4'], ['old 0'], ['old 0']]);
});

describe('accepts patches', () => {
  /** A kernel as JupyterLab sees it; `sent` has the messages to it. */
  function fakeKernel(implementation = 'gradlab') {
    const sent: unknown[] = [];
    const comms: { target: string; isDisposed: boolean }[] = [];
    return {
      status: 'idle',
      handleComms: true,
      isDisposed: false,
      info: Promise.resolve({ implementation }),
      sent,
      comms,
      createComm(target: string) {
        const comm = {
          target,
          isDisposed: false,
          open: () => sent.push(`open ${target}`),
          send: (data: unknown) => sent.push(data),
        };
        comms.push(comm);
        return comm;
      },
      restart() {
        for (const comm of comms) comm.isDisposed = true;
        sent.length = 0;
      },
    };
  }

  const metadata = { gradlab: { displayId: 'a' } };
  const figure = (azim: number) => ({ mime: { z: [1, 2], azim } });
  let shown: ReturnType<typeof cell>;
  let page: ReturnType<typeof messages>;
  let kernel: ReturnType<typeof fakeKernel>;
  let statusChanged: ReturnType<typeof signal>;
  let panel: never;

  const open = async (one = fakeKernel()) => {
    shown = cell('code', ['b', 'a'], {});
    page = messages();
    kernel = one;
    statusChanged = signal();
    const sessionContext = { iopubMessage: page.iopubMessage, statusChanged, session: { kernel } };
    panel = { sessionContext, context: { model: { cells: [shown.model] } } } as never;
    takeChanges(panel);
    await kernel.info;
  };
  const whole = (version: string | undefined, azim: number, type = 'display_data') =>
    page.send(type, { data: figure(azim), metadata, transient: { display_id: 'a', ...(version && { version }) } });
  const change = (base: string, version: string, azim: number) => {
    const changes = [{ op: 'replace', path: '/data/mime/azim', value: azim }];
    page.send('comm_msg', { comm_id: 'any', data: { method: 'change', display_id: 'a', base, version, changes } });
  };
  const request = { method: 'request_output', display_id: 'a' };
  beforeEach(() => open());

  test('tells the kernel once, and again after a restart', async () => {
    expect(kernel.sent).toEqual(['open gradlab.changes']);
    takeChanges(panel); // another view of the notebook
    for (const status of ['busy', 'idle']) {
      kernel.status = status;
      statusChanged.emit();
      await kernel.info;
    }
    expect(kernel.sent).toEqual(['open gradlab.changes']);
    kernel.restart();
    for (const [status, sent] of [
      ['restarting', []],
      ['idle', ['open gradlab.changes']],
    ] as const) {
      kernel.status = status;
      statusChanged.emit();
      await kernel.info;
      expect(kernel.sent).toEqual(sent);
    }
  });

  test('sends nothing to another kernel, or on a connection without comms', async () => {
    await open(fakeKernel('ipython'));
    expect(kernel.sent).toEqual([]);
    await open(Object.assign(fakeKernel(), { handleComms: false }));
    expect(kernel.sent).toEqual([]);
    await open(Object.assign(fakeKernel(), { info: Promise.reject(new Error('it has ended')) })).catch(() => {});
    expect(kernel.sent).toEqual([]);
  });

  test('writes patched outputs to the notebook, whoever runs the cell', () => {
    whole('1', 10);
    expect(shown.list[1].data).toBe('old 1'); // which JupyterLab itself shows
    change('1', '2', 20);
    change('2', '3', 30);
    expect(shown.list).toEqual([
      { data: 'old 0', metadata: { gradlab: { displayId: 'b' } } },
      { output_type: 'display_data', data: figure(30), metadata },
    ]);
    change('2', '3', 30); // by another comm
    expect(kernel.sent).toEqual(['open gradlab.changes']);
  });

  test('requests the whole output once if it lacks the previous version, and continues with it', () => {
    change('7', '8', 80); // loaded again
    change('8', '9', 90);
    expect(shown.list[1].data).toBe('old 1');
    expect(kernel.sent.slice(1)).toEqual([request]);
    whole('9', 90, 'update_display_data');
    change('8', '9', 90); // which the whole output contains
    change('9', '10', 100);
    expect(shown.list[1].data).toEqual(figure(100));
    whole(undefined, 5, 'update_display_data'); // from a front end that accepts none
    change('10', '11', 110);
    expect(shown.list[1].data).toEqual(figure(100));
    expect(kernel.sent.slice(1)).toEqual([request, request]);
  });

  test('requests no output that it does not show, and takes no other message for a patch', () => {
    shown.list[1].metadata = {};
    change('7', '8', 80);
    page.send('comm_msg', { comm_id: 'widget', data: { method: 'update', state: {} } });
    page.send('comm_msg', { comm_id: 'widget', data: { method: 'change' } });
    page.send('status', { execution_state: 'idle' });
    expect(kernel.sent).toEqual(['open gradlab.changes']);
  });

  test('forgets the outputs of a kernel that has restarted', async () => {
    whole('1', 10);
    kernel.restart();
    statusChanged.emit();
    await kernel.info;
    change('1', '2', 20);
    expect(kernel.sent).toEqual(['open gradlab.changes', request]);
  });
});
