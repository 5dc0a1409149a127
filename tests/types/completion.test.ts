// Completions of an editor or the kernel after a dot.
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildIfStale } from '../../kernel-setup/setup/build.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { cellOptions, current, root, tslabs } from '../support/typescript';

beforeAll(() => buildIfStale(paths), 120_000);

describe.each([
  ['5.0 (stock tslab)', tslabs],
  ['current', current],
])('TypeScript %s', (_, ts) => {
  const file = join(root, 'tests/types/cell.ts');

  let cell = '';
  const service = ts.createLanguageService({
    getCompilationSettings: () => ({ ...cellOptions(ts), skipLibCheck: true }),
    getScriptFileNames: () => [file],
    getScriptVersion: (name) => (name === file ? cell : '1'),
    getScriptSnapshot: (name) => {
      const content = name === file ? cell : ts.sys.readFile(name);
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  });

  /** The names offered at the end of `text`. */
  function offered(text: string): string[] {
    cell = text;
    return service.getCompletionsAtPosition(file, text.length, undefined)!.entries.map(({ name }) => name);
  }

  test('a module completes its own members, and none of a function', () => {
    const names = offered(`import { nn } from 'gradlab';\nconst net = new nn.Sequential(new nn.Linear(1, 2));\nnet.`);
    expect(names).toEqual(expect.arrayContaining(['forward', 'parameters', 'at', 'training']));
    // The completions of `(() => 1).`; apply and toString are also a module's.
    const ofFunctions = offered('(() => 1).').filter((name) => name !== 'Symbol');
    expect(ofFunctions).toEqual(expect.arrayContaining(['apply', 'bind', 'call', 'caller', 'length', 'name']));
    expect(names.filter((name) => ofFunctions.includes(name)).sort()).toEqual(['apply', 'toString']);
  });

  test('a module in a Sequential completes its own members', () => {
    const first = `import { nn } from 'gradlab';\nnew nn.Sequential(new nn.Linear(1, 2), new nn.ReLU()).`;
    expect(offered(`${first}at(0).`)).toContain('inFeatures');
    expect(offered(`${first}at(-1).`)).toContain('inplace');
    expect(offered(`${first}at(-1).`)).not.toContain('inFeatures');
  });
});
