import { afterAll, afterEach, expect, test, vi } from 'vitest';
import type { Page } from '../../src/platform/browser';
import * as page from '../../src/platform/browser';

// A training in a page, whose files are JupyterLite's.
vi.resetModules();
// Node 20 has no navigator to count processors.
vi.doMock('../../src/platform', () => ({ ...page, processors: () => 1 }));
const { nn, optim, tensor, training } = await import('../../src');

const place = Symbol.for('gradlab.page');
const globals = globalThis as { [key: symbol]: Page | undefined };
afterEach(() => {
  delete globals[place];
});
afterAll(() => {
  vi.doUnmock('../../src/platform');
  vi.resetModules();
});

const trained = (epochs: number, options: object) => {
  const net = new nn.Linear(1, 1);
  const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
  const data = [[tensor([[1]]), tensor([[2]])]] as const;
  return training.fitAsync(net, [...data], { loss: nn.functional.mseLoss, optimizer, epochs, ...options });
};

test('there checkpoints request their folders, and training resumes from them', async () => {
  const files = new Map<string, Uint8Array>();
  const asked: [string, boolean | undefined][] = [];
  globals[place] = {
    folder: '/drive/notes/',
    readFile: async (file) => files.get(file),
    writeFile: async (file, bytes, makesFolders) => {
      asked.push([file, makesFolders]);
      files.set(file, bytes);
    },
  };
  const options = { checkpoint: 'runs/one.safetensors', resume: true };
  const { history } = await trained(2, options);
  expect(history.loss.length).toBe(2);
  // Before the first epoch, and after each.
  expect(asked).toEqual(Array(3).fill(['/drive/notes/runs/one.safetensors', true]));
  const longer = await trained(3, options);
  expect(longer.history.loss.slice(0, 2)).toEqual(history.loss);
  await trained(1, { callbacks: [training.checkpoints('kept'), training.csv('tables/run.csv')] });
  expect(asked.slice(4).filter(([, makesFolders]) => !makesFolders)).toEqual([]);
  expect([...files.keys()].map((file) => file.split('/')[3])).toContain('kept');
});

test('there a checkpoint that cannot be written is an error that names it, before anything is trained', async () => {
  globals[place] = {
    folder: '/drive/notes/',
    readFile: async () => undefined,
    writeFile: async (file) => {
      throw new Error(`${file}: there is no space left`);
    },
  };
  await expect(trained(2, { checkpoint: 'runs/one.safetensors' })).rejects.toThrow(
    'fit: the checkpoint runs/one.safetensors cannot be written: /drive/notes/runs/one.safetensors: there is no space left; ' +
      'what was there before is unchanged',
  );
});
