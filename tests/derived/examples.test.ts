// Every @example in the library's documentation is compiled and executed. A comment after an expression is its
// displayed value: `tensor([1, 2]).shape // [2]`. A comment on the next line that begins with the name of an error is
// the error that the expression throws; `…` ends the comparison.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { inspect } from 'node:util';
import type typescript from 'typescript';
import { afterAll, describe, expect, test } from 'vitest';
import * as gradlab from '../../src';
import * as lab from '../../src/lab';
import { cellOptions, complaints, root, current as ts } from '../support/typescript';

interface Example {
  where: string;
  /** The name of what the comment is of, if it has one. */
  of: string | undefined;
  code: string;
}

/** What every example may use: both doors' names but `var`, which can only be an export's name. */
const values: Record<string, unknown> = Object.fromEntries(
  Object.entries({ ...gradlab, ...lab }).filter(([name]) => name !== 'var'),
);
const namesOf = (door: object) => Object.keys(values).filter((name) => name in door);
/** What lessons export, by the lesson: its own examples may use that as well. */
const lessons: Record<string, Record<string, unknown>> = {};
for (const lesson of readdirSync(join(root, 'src/lab/lessons')))
  lessons[lesson] = await import(`../../src/lab/lessons/${lesson}/index.ts`);
const lessonOf = (where: string) => /lessons[\\/]([^\\/]+)/.exec(where)?.[1];
const examples = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && file !== join('ops', 'functions.ts'))
  .flatMap((file) => examplesIn(join(root, 'src', file)));

function examplesIn(file: string): Example[] {
  const source = ts.createSourceFile(file, ts.sys.readFile(file)!, ts.ScriptTarget.ES2022, true);
  const found: Example[] = [];
  const visit = (node: typescript.Node) => {
    for (const tag of ts.getJSDocTags(node).filter((t) => t.tagName.text === 'example' && t.parent.parent === node)) {
      const line = source.getLineAndCharacterOfPosition(tag.pos).line + 1;
      const of = (node as { name?: typescript.Node }).name?.getText();
      found.push({ where: `${relative(root, file)}:${line}`, of, code: ts.getTextOfJSDocComment(tag.comment) ?? '' });
    }
    node.forEachChild(visit);
  };
  visit(source);
  return found;
}

/** The code with every expression that says what it shows, or throws, wrapped into a check. */
function checked(code: string): string {
  const source = ts.createSourceFile('example.ts', code, ts.ScriptTarget.ES2022, true);
  let out = code;
  for (const statement of [...source.statements].reverse()) {
    if (!ts.isExpressionStatement(statement)) continue;
    const after = code.slice(statement.end);
    const [, shown, , thrown] = /^;?[ \t]*(?:\/\/ (.*))?(\n\/\/ (\w*Error: .*))?/.exec(after)!;
    const expression = statement.expression.getText();
    if (thrown !== undefined)
      out = replaced(out, statement, `__throws(() => ${expression}, ${JSON.stringify(thrown)});`);
    else if (shown !== undefined) out = replaced(out, statement, `__shows(${expression}, ${JSON.stringify(shown)});`);
  }
  return out;
}

const replaced = (text: string, node: typescript.Node, by: string) =>
  `${text.slice(0, node.getStart())}${by}${text.slice(node.end)}`;

/** Without line breaks and the blanks that Node puts inside brackets. */
const oneLine = (text: string) =>
  text
    .replace(/\s+/g, ' ')
    .replace(/(?<=[[{(]) | (?=[\]})])/g, '')
    .trim();
const show = (value: unknown) => oneLine(inspect(value, { breakLength: Number.POSITIVE_INFINITY }));
const agrees = (got: string, want: string) =>
  want.endsWith('…') ? got.startsWith(want.slice(0, -1).trimEnd()) : got === want;

/** Where examples write files. */
const folder = mkdtempSync(join(tmpdir(), 'gradlab-examples-'));
afterAll(() => rmSync(folder, { recursive: true }));
const inFolder = (code: string) =>
  code.replace(/'(\w+\.(npy|npz|safetensors))'/g, (_, name) => JSON.stringify(join(folder, name)));

async function run(code: string, lesson?: string): Promise<void> {
  // In a block, so that an example may give its own things names that gradlab has as well.
  const javascript = ts.transpile(`{\n${checked(inFolder(code))}\n}`, { target: ts.ScriptTarget.ES2022 });
  const shows = (value: unknown, want: string) => {
    if (!agrees(show(value), oneLine(want))) expect(show(value)).toBe(want);
  };
  const throws = (body: () => unknown, want: string) => {
    let got = 'nothing was thrown';
    try {
      body();
    } catch (error) {
      got = oneLine(String(error));
    }
    if (!agrees(got, oneLine(want))) expect(got).toBe(want);
  };
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
  const scope = { ...values, ...(lesson && lessons[lesson]), __shows: shows, __throws: throws };
  await AsyncFunction(...Object.keys(scope), javascript)(...Object.values(scope));
}

test('there are examples', () => {
  expect(examples.length).toBeGreaterThan(20);
});

/** Every function that makes a figure, by its name in "gradlab/lab". */
const figureFunctions = [
  ...Object.entries(lab.plot)
    .filter(([, value]) => typeof value === 'function' && !String(value).startsWith('class'))
    .map(([name]) => `plot.${name}`),
  'trainingDisplay',
  'studyDisplay',
];

test.each(figureFunctions)('%s has an example in its own comment, which calls it', (name) => {
  const file = /^src.lab.(plot.[\w-]+|training-display|study-display)\.ts/;
  const own = examples.filter(({ of, where }) => of === name.replace('plot.', '') && file.test(where));
  expect(own.map(({ code }) => code.includes(`${name}(`))).toEqual([true]);
});

test('examples compile', () => {
  const file = join(root, 'tests/derived/all-examples.ts');
  const ofLessons = Object.keys(lessons).map(
    (lesson) => `import * as lesson${lesson.replaceAll('-', '_')} from '../../src/lab/lessons/${lesson}';\n`,
  );
  const inLab = new Set(namesOf(lab));
  const inLibrary = namesOf(gradlab).filter((name) => !inLab.has(name));
  const imports = `import { ${inLibrary.join(', ')} } from '../../src';\nimport { ${[...inLab].join(', ')} } from '../../src/lab';\n`;
  const text = [
    imports,
    ...ofLessons,
    ...examples.map(({ where, code }, i) => {
      const lesson = lessonOf(where);
      const own = lesson
        ? `const { ${Object.keys(lessons[lesson]!).join(', ')} } = lesson${lesson.replaceAll('-', '_')};\n`
        : '';
      return `async function example${i}() {\n${own}{\n${code}\n}\n}\n`;
    }),
  ].join('');
  const options = { ...cellOptions(ts), skipLibCheck: true };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.getSourceFile = (name, version) =>
    name === file ? ts.createSourceFile(name, text, version, true) : getSourceFile(name, version);
  const program = ts.createProgram([file], options, host);
  expect(complaints(ts, program.getSemanticDiagnostics(program.getSourceFile(file)))).toEqual([]);
});

describe('examples show what they say', () => {
  test.each(examples.map(({ where, code }) => [where, code]))('%s', async (where, code) => {
    await run(code, lessonOf(where));
  });
});

describe('the check itself', () => {
  test('notices a wrong value, a missing error, a wrong error', async () => {
    await expect(run('tensor([1, 2]).shape // [3]')).rejects.toThrow();
    await expect(run('tensor([1, 2]).view(3);')).rejects.toThrow();
    await expect(run('tensor([1, 2]).view(2);\n// ShapeError: view …')).rejects.toThrow();
    await expect(run('tensor([1, 2]).view(3);\n// ShapeError: reshape …')).rejects.toThrow();
    await run('tensor([1, 2]).shape // [ 2 ]');
    await run('tensor([1, 2]).view(3);\n// ShapeError: view: …');
  });
});
