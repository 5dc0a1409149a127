import { beforeEach, describe, expect, test } from 'vitest';
import { ChangingOutputs, changesTarget } from '../../../kernel-setup/kernel/host/changing-outputs';
import type { Channels, Request } from '../../../kernel-setup/kernel/host/channels';
import type { Header } from '../../../kernel-setup/kernel/host/messages';
import type { Json } from '../../../kernel-setup/kernel/process-messages';

type Content = { transient?: { display_id?: string; version?: string }; data: Record<string, unknown> };

/** Published messages: type, content, and the session of the parent. */
let sent: { type: string; content: Content; to: string }[];
let outputs: ChangingOutputs;

const header = (session: string, type = 'execute_request') => ({ session, msg_type: type }) as Header;
type CommType = 'comm_open' | 'comm_msg' | 'comm_close';
const comm = (session: string, type: CommType, content: object) =>
  ({
    header: header(session, type),
    content: { comm_id: `comm of ${session}`, data: {}, ...content },
  }) as Request<CommType>;
const announce = (session: string) =>
  outputs.receive(comm(session, 'comm_open', { target_name: changesTarget }), 'open');
const ask = (session: string, display_id: string) =>
  outputs.receive(comm(session, 'comm_msg', { data: { method: 'request_output', display_id } }), 'msg');

const mime = 'application/vnd.plotly.v1+json';
const figure = (azim: number) => ({ [mime]: { data: [{ z: 'many '.repeat(200) }], layout: { azim } } });
interface Options {
  session?: string;
  update?: boolean;
  id?: string;
  metadata?: Record<string, Json>;
}
function show(data: Record<string, Json>, { session = 'page', update = false, id = 'figure', metadata }: Options = {}) {
  const named = metadata ?? { gradlab: { displayId: id } };
  outputs.publish({ type: 'display', parentId: 1, data, metadata: named, displayId: id, update }, header(session));
  return sent.at(-1)!;
}
const move = (azim: number, options: Options = {}) => show(figure(azim), { update: true, ...options });

beforeEach(() => {
  sent = [];
  const publish = (type: string, content: Content, parent: Header) => sent.push({ type, content, to: parent.session });
  outputs = new ChangingOutputs({ publish } as unknown as Channels);
});

describe('a front end that accepts patches', () => {
  beforeEach(() => announce('page'));

  test('receives the first output whole, with its version, then patches of the previous version', () => {
    const first = show(figure(1));
    expect(first).toMatchObject({
      type: 'display_data',
      content: { data: figure(1), transient: { display_id: 'figure' } },
    });
    let base = first.content.transient!.version;
    for (const azim of [2, 3]) {
      const { type, content, to } = move(azim);
      const path = '/data/application~1vnd.plotly.v1+json/layout/azim';
      expect([type, to]).toEqual(['comm_msg', 'page']);
      expect(content).toEqual({
        comm_id: 'comm of page',
        data: {
          method: 'change',
          display_id: 'figure',
          base,
          version: expect.stringMatching(/-\d+$/),
          changes: [{ op: 'replace', path, value: azim }],
        },
      });
      base = content.data.version as string;
    }
    expect(sent).toHaveLength(3);
  });

  test('receives the current output with its version on request', () => {
    show(figure(1));
    const { version } = move(2).content.data;
    announce('loaded anew');
    ask('loaded anew', 'figure');
    expect(sent.at(-1)).toEqual({
      type: 'update_display_data',
      content: {
        data: figure(2),
        metadata: { gradlab: { displayId: 'figure' } },
        transient: { display_id: 'figure', version },
      },
      to: 'loaded anew',
    });
    expect(move(3, { session: 'loaded anew' })).toMatchObject({
      type: 'comm_msg',
      content: { data: { base: version } },
    });
    sent.length = 0;
    ask('page', 'no such output');
    outputs.receive(comm('page', 'comm_msg', { data: { method: 'other', display_id: 'figure' } }), 'msg');
    expect(sent).toEqual([]);
  });

  test('receives the whole output if nearly all has changed, and patches after it', () => {
    show(figure(1));
    const other = { [mime]: { data: [{ z: 'other '.repeat(200) }], layout: { azim: 1 } } };
    const whole = show(other, { update: true });
    expect(whole).toMatchObject({ type: 'update_display_data', content: { data: other } });
    const { version } = whole.content.transient!;
    const next = show({ [mime]: { ...other[mime], layout: { azim: 2 } } }, { update: true });
    expect(next).toMatchObject({ type: 'comm_msg', content: { data: { base: version } } });
  });

  test.each<[string, Options, Record<string, Json>]>([
    ['has no name by which a page could find it', { metadata: {} }, figure(1)],
    ['is text', {}, { 'text/plain': 'x'.repeat(100), 'text/html': 'x'.repeat(100) }],
  ])('receives an output whole that %s', (_, options, data) => {
    show(data, options);
    expect(show(data, { ...options, update: true })).toMatchObject({
      type: 'update_display_data',
      content: { data, transient: { display_id: 'figure' } },
    });
    expect(sent.some(({ content }) => content.transient!.version)).toBe(false);
  });

  test('receives whole outputs again once it stops accepting patches', () => {
    show(figure(1));
    outputs.receive(comm('page', 'comm_close', {}), 'close');
    expect(move(2)).toMatchObject({ type: 'update_display_data', content: { transient: { display_id: 'figure' } } });
    expect(sent.at(-1)!.content.transient).not.toHaveProperty('version');
  });

  test('receives patches for the most recently changed outputs, and the others whole', () => {
    for (let i = 0; i < 21; i++) show(figure(i), { id: `${i}` });
    expect(move(5, { id: '0' }).type).toBe('update_display_data');
    expect(move(5, { id: '20' }).type).toBe('comm_msg');
    expect(move(6, { id: '0' }).type).toBe('comm_msg');
  });
});

describe('another front end', () => {
  test('receives whole outputs, as the protocol defines', () => {
    show(figure(1));
    announce('page');
    for (const azim of [2, 3])
      expect(move(azim, { session: 'other' })).toEqual({
        type: 'update_display_data',
        content: {
          data: figure(azim),
          metadata: { gradlab: { displayId: 'figure' } },
          transient: { display_id: 'figure' },
        },
        to: 'other',
      });
  });

  test('that has shown or moved a figure receives it whole, whoever moves it, until the cell runs again', () => {
    announce('page');
    show(figure(1), { session: 'other' });
    for (const azim of [2, 3]) expect(move(azim).type).toBe('update_display_data');
    show(figure(1));
    expect(move(2).type).toBe('comm_msg');
    expect(move(3, { session: 'other' }).type).toBe('update_display_data');
    expect(move(4).type).toBe('update_display_data');
  });

  test('that accepts patches later receives them from its second move on', () => {
    show(figure(1));
    announce('page');
    expect(move(2).type).toBe('update_display_data');
    expect(move(3).type).toBe('comm_msg');
  });
});

test('an output without a name is published unchanged', () => {
  announce('page');
  outputs.publish({ type: 'display', parentId: 1, data: figure(1), metadata: {} }, {});
  expect(sent).toEqual([{ type: 'display_data', content: { data: figure(1), metadata: {}, transient: {} } }]);
});

test('knows which messages are for it', () => {
  const opens = comm('page', 'comm_open', { target_name: changesTarget });
  expect(outputs.concerns(opens)).toBe(true);
  expect(outputs.concerns(comm('page', 'comm_msg', {}))).toBe(false);
  outputs.receive(opens, 'open');
  expect(outputs.concerns(comm('page', 'comm_msg', {}))).toBe(true);
  expect(outputs.concerns(comm('page', 'comm_close', {}))).toBe(true);
  expect(outputs.concerns(comm('page', 'comm_msg', { comm_id: 'of a widget' }))).toBe(false);
  expect(outputs.concerns(comm('page', 'comm_open', { target_name: 'jupyter.widget' }))).toBe(false);
  expect(outputs.concerns({ header: header('page'), content: { code: '' } } as Request)).toBe(false);
});
