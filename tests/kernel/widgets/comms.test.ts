// Comms of cells and of front ends, and input.
import { beforeEach, describe, expect, test } from 'vitest';
import { beginCell, fromFrontEnd, Jupyter, onInputReply, taken } from './session';

beforeEach(() => void beginCell());

describe('comms', () => {
  test('of a registered target are opened, answered and closed', async () => {
    const heard: unknown[] = [];
    Jupyter.registerTarget('echo', (comm, opening) => {
      heard.push(opening.content.target_name, opening.data, opening.metadata);
      comm.onMsg((m) => comm.send({ got: m.content.data }, { buffers: m.buffers, metadata: { a: 1 } }));
      comm.onClose((m) => void heard.push(['closed', m.data]));
    });
    const open = { action: 'open', commId: 'c1', targetName: 'echo', data: { x: 1 }, metadata: { m: 2 } } as const;
    expect(await fromFrontEnd(open)).toEqual({ refused: false });
    await fromFrontEnd({ commId: 'c1', data: { y: 2 }, buffers: [new Uint8Array([1])] });
    await fromFrontEnd({ action: 'close', commId: 'c1', data: { why: 'bye' } });
    await fromFrontEnd({ commId: 'c1', data: { y: 3 } });
    expect(heard).toEqual(['echo', { x: 1 }, { m: 2 }, ['closed', { why: 'bye' }]]);
    expect(taken()).toMatchObject([
      { action: 'msg', commId: 'c1', data: { got: { y: 2 } }, metadata: { a: 1 }, buffers: [new Uint8Array([1])] },
    ]);
  });

  test('of an unknown target, or with a failing handler, are rejected', async () => {
    expect(await fromFrontEnd({ action: 'open', commId: 'c2', targetName: 'nobody' })).toEqual({ refused: true });
    Jupyter.registerTarget('failing', () => {
      throw new Error('not today');
    });
    expect(await fromFrontEnd({ action: 'open', commId: 'c3', targetName: 'failing' })).toEqual({ refused: true });
    expect(taken()).toMatchObject([{ type: 'late-error', error: { evalue: 'not today' } }]);
  });

  test('of a cell transfer data and binary buffers until they are closed', () => {
    const floats = new Float32Array([1, 2]);
    const comm = new Jupyter.Comm({ target_name: 'plot', data: { a: 1 }, metadata: { b: 2 }, buffers: [floats] });
    comm.send({ c: 3 });
    comm.close({ d: 4 });
    comm.close();
    const bytes = new Uint8Array(floats.buffer);
    expect(taken()).toMatchObject([
      { action: 'open', commId: comm.commId, targetName: 'plot', data: { a: 1 }, metadata: { b: 2 }, buffers: [bytes] },
      { action: 'msg', data: { c: 3 }, metadata: {}, buffers: [] },
      { action: 'close', data: { d: 4 } },
    ]);
    expect(() => comm.send({})).toThrow(/comm for plot is closed/);
    expect(() => new Jupyter.Comm({} as never)).toThrow(/target_name .* missing/);
    expect(() => new Jupyter.Comm({ target_name: 'x', data: { big: 1n } })).toThrow(TypeError);
  });
});

describe('input', () => {
  test('asks and returns the answer', async () => {
    const parentId = beginCell(1, true);
    const answer = Jupyter.input('name? ', { password: true });
    const [ask] = taken();
    expect(ask).toMatchObject({ type: 'input-request', parentId, prompt: 'name? ', password: true });
    onInputReply((ask as { id: number }).id, 'Ada');
    expect(await answer).toBe('Ada');
    const none = Jupyter.input();
    onInputReply((taken()[0] as { id: number }).id, null);
    await expect(none).rejects.toThrow(/did not answer/);
  });

  test('fails immediately if the front end cannot answer', async () => {
    beginCell(1, false);
    await expect(Jupyter.input('name?')).rejects.toThrow(/allow_stdin/);
    expect(taken()).toEqual([]);
  });
});
