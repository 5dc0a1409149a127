import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../kernel-setup/figures/chromium.mjs';
import { smallSurface } from '../support/figures';
import { claimCell, figureCell, makeFolder, makeNotebook, putCell, runNotebooks } from '../support/notebooks';

const minutes = (count: number) => count * 60_000;
const folders: { remove: () => void }[] = [];
afterAll(() => {
  for (const folder of folders) folder.remove();
});
const folderOf: typeof makeFolder = (...args) => {
  const folder = makeFolder(...args);
  folders.push(folder);
  return folder;
};
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
/** The runner's output for one notebook: the line of its result and the lines below it. */
const about = (output: string, name: string) => {
  const found = new RegExp(`^[✓✗] ${name} .*(\\n {2}.*)*`, 'm').exec(output);
  return found?.[0] ?? `nothing about ${name} in:\n${output}`;
};
const entry = (id: string, verdict: string, notebook: string) => ({
  id,
  verdict,
  settled: 'measured',
  sentence: 'A sentence.',
  ...(verdict === 'wrong' && { said: 'Something else.' }),
  notebook,
});

const blank = { data: [{ x: [1, 2], y: [null, null] }], layout: {} };
const slow = 'await new Promise((resolve) => setTimeout(resolve, 10));';

describe('npm run notebooks', () => {
  it(
    'executes, reports failures and where, rejects bad claims, and leaves the files unchanged',
    async () => {
      const folder = folderOf(
        {
          'good/01-first.ipynb': makeNotebook([
            { source: '# text', type: 'markdown' },
            putCell,
            claimCell({ id: 'D10' }),
            `${slow}\nconsole.log(process.cwd());`,
          ]),
          'good/02-second.ipynb': makeNotebook([
            putCell,
            claimCell({ id: 'A07', verdict: 'wrong' }, { value: 1, expected: 1 }),
          ]),
          'bad/throws.ipynb': makeNotebook([
            "const two = 2;\nconsole.log('x'.repeat(3e6));", // more than a pipe holds
            "// a comment\nconst three = two + 1;\n\nthrow new TypeError('no ' + three);",
            'two',
          ]),
          'bad/types.ipynb': makeNotebook(['const a = 1;\nconst b: string = a;']),
          'bad/claims.ipynb': makeNotebook([
            putCell,
            claimCell({ id: 'C01' }),
            claimCell({ id: 'C02' }, { value: true }),
            claimCell({ id: 'C03' }, { tolerance: null }),
            claimCell({ id: 'C04' }, { value: 1 }),
            claimCell({ id: 'C05', verdict: 'conditional' }),
            claimCell({ id: 'C06', verdict: 'failed' }, { value: 5 }),
          ]),
          'bad/timeout.ipynb': makeNotebook(['await new Promise(() => setTimeout(() => {}, 1e6));']),
          'bad/dies.ipynb': makeNotebook(['process.kill(process.ppid, "SIGKILL");']),
          'bad/file.ipynb': { nbformat: 3 },
        },
        [
          entry('D10', 'holds', 'good/01-first.ipynb'),
          entry('A07', 'wrong', 'good/02-second.ipynb'),
          ...['C02', 'C03', 'C04', 'C05', 'C06', 'C07'].map((id) => entry(id, 'holds', 'bad/claims.ipynb')),
        ],
      );
      const names = [
        'good/01-first.ipynb',
        'good/02-second.ipynb',
        'bad/throws.ipynb',
        'bad/claims.ipynb',
        'bad/file.ipynb',
      ];
      const before = names.map((name) => hash(folder.text(name)));
      const report = folder.file('reports/notebooks.xml');

      const { code, output } = await runNotebooks(['--root', folder.root, '--timeout', '25', '--junit', report]);

      expect(code, output).toBe(1);
      expect(about(output, 'good/01-first')).toMatch(/^✓ good\/01-first · \d+\.\d s · claims: 1 holds · passed$/);
      expect(about(output, 'good/02-second')).toMatch(/^✓ good\/02-second · \d+\.\d s · claims: 1 wrong · passed$/);
      const throws = about(output, 'bad/throws');
      expect(throws).toContain('cell 2 failed');
      expect(throws).toContain("→ 4 │ throw new TypeError('no ' + three);");
      expect(throws).toContain('line 4: TypeError: no 3');
      expect(about(output, 'bad/types')).toMatch(
        /→ 2 │ const b: string = a;\n.*line 2: .*Type 'number' is not assignable to type 'string'/,
      );
      const claims = about(output, 'bad/claims');
      expect(claims).toContain('claims: 4 holds, 1 conditional, 1 failed · failed');
      expect(claims).toContain('claim C01 is not in claims.json (cell 2)');
      expect(claims).toContain('claim C02 has no finite measured number (value: true) (cell 3)');
      expect(claims).toContain('claim C03 has no finite bound (tolerance: null) (cell 4)');
      expect(claims).toContain('claim C04 says "holds", but measured 1 where 0 within 0.000001 was demanded (cell 5)');
      expect(claims).toContain('claim C05 has the verdict "conditional"; claims.json says "holds" (cell 6)');
      expect(claims).toContain('claim C06 failed: measured 5, demanded 0 within 0.000001 (cell 7)');
      expect(claims).toContain('claim C07 is in claims.json and was not asserted');
      expect(about(output, 'bad/timeout')).toContain('cell 1 ran for more than 25 s');
      expect(about(output, 'bad/dies')).toContain('the kernel died in cell 1');
      expect(about(output, 'bad/file')).toContain('is not a notebook of format 4');
      expect(output.trimEnd().split('\n').at(-1)).toMatch(
        /^8 notebooks: 2 passed, 6 failed · claims: 5 holds, 1 conditional, 1 wrong, 0 slip, 0 opinion, 1 failed · 8 measured, 0 read · \d+\.\d s$/,
      );
      expect(names.map((name) => hash(folder.text(name)))).toEqual(before);
      const xml = fs.readFileSync(report, 'utf8');
      expect(xml.match(/<testsuite /g)).toHaveLength(8);
      expect(xml).toMatch(/classname="bad\/throws" name="executes" time="[\d.]+"><failure message="cell 2 failed">/);
    },
    minutes(4),
  );

  it(
    'fails for an uncaught error, and names its cell and line',
    async () => {
      const later = 'setTimeout(() => {\n  Promise.reject(new RangeError("later"));\n}, 20);';
      const pause = 'await new Promise((resolve) => setTimeout(resolve, 200));';
      const folder = folderOf({
        'now.ipynb': makeNotebook(['const fails = async () => {\n  throw new Error("now");\n};', '1;\nfails();']),
        'next.ipynb': makeNotebook(['1', later, pause, '3']),
        'last.ipynb': makeNotebook(['1', later, pause]),
        'caught.ipynb': makeNotebook(['const kept = Promise.reject(new Error("kept"));\nawait kept.catch(() => {});']),
      });
      const { code, output } = await runNotebooks(['--root', folder.root]);
      expect(code, output).toBe(1);
      expect(about(output, 'now')).toMatch(/cell 2 failed[\s\S]*Error: now/);
      for (const name of ['next', 'last'])
        expect(about(output, name)).toMatch(
          /cell 2 failed[\s\S]*→ 2 │ {3}Promise\.reject[\s\S]*line 2: RangeError: later/,
        );
      expect(about(output, 'caught')).toContain('passed');
    },
    minutes(3),
  );

  it(
    'fails for an invalid claims.json even if every notebook passes, but not without the file',
    async () => {
      const notebooks = { 'a.ipynb': makeNotebook(['1 + 1']) };
      const bad = folderOf(notebooks, [entry('D10', 'holds', 'b.ipynb')]);
      const [withList, without] = await Promise.all([
        runNotebooks(['--root', bad.root]),
        runNotebooks(['--root', folderOf(notebooks).root]),
      ]);
      expect(withList.code, withList.output).toBe(1);
      expect(withList.output).toContain('✗ claims.json, D10: is measured, but there is no notebook b.ipynb');
      expect(without.code, without.output).toBe(0);
    },
    minutes(2),
  );

  it(
    'runs under stock tslab, where only success counts, and shows errors on stderr',
    async () => {
      const folder = folderOf({
        'good.ipynb': makeNotebook([{ source: 'console.log(1)', outputs: [], count: null }]),
        'bad.ipynb': makeNotebook([
          'function far(x: number) {\n  if (x > 1) throw new RangeError("far");\n}\n\n// here\nfar(2);',
        ]),
      });
      const { code, output } = await runNotebooks(['--root', folder.root, '--kernel', 'tslab']);
      expect(code, output).toBe(1);
      expect(about(output, 'good')).toContain('passed');
      expect(about(output, 'bad')).toContain('cell 1 failed');
      expect(about(output, 'bad')).toMatch(/→ 6 │ far\(2\);\n\s*line 6: RangeError: far/);
      const unknown = await runNotebooks(['--root', folder.root, '--kernel', 'none', 'good']);
      expect(unknown.code).toBe(1);
      expect(unknown.output).toContain('the kernel none did not start: No such kernel named none');
    },
    minutes(3),
  );

  it('explains an invalid command line, with exit code 2', async () => {
    const { code, output } = await runNotebooks(['--chek']);
    expect(code).toBe(2);
    expect(output).toMatch(/Unknown option '--chek'[\s\S]*--update/);
  });
});

describe('npm run notebooks -- --update and --check', () => {
  const notebook = () =>
    makeNotebook([
      { source: '# Title', type: 'markdown' },
      putCell,
      "console.log('a');\nconsole.error('b');",
      { source: 'console.log(Math.random())', tags: ['volatile'] },
      figureCell(smallSurface),
    ]);

  it(
    'writes outputs that a check accepts, changes nothing the second time, and finds changes',
    async () => {
      const folder = folderOf({ 'a.ipynb': notebook() });
      const run = (...args: string[]) => runNotebooks(['--root', folder.root, ...args]);
      const never = await run('--check');
      expect(never.code).toBe(1);
      expect(about(never.output, 'a')).toContain('has no committed outputs: it was never run');

      const first = await run('--update');
      expect(first.code, first.output).toBe(0);
      expect(about(first.output, 'a')).toContain('passed, updated');
      const written = folder.json('a.ipynb');
      expect(written.cells.map((cell: { id: string }) => cell.id)).toEqual(notebook().cells.map((cell) => cell.id));
      expect(written.cells.slice(1).map((cell: { execution_count: number }) => cell.execution_count)).toEqual([
        1, 2, 3, 4,
      ]);
      expect(written.cells.map((cell: { metadata: object }) => cell.metadata)).toEqual([
        {},
        {},
        {},
        { tags: ['volatile'] },
        {},
      ]);
      expect(written.metadata.kernelspec.name).toBe('gradlab');
      expect(folder.text('a.ipynb')).not.toMatch(/iopub|execute_reply|20\d\d-\d\d-\d\dT/);
      const { data } = written.cells[4].outputs[0];
      expect(data['application/vnd.plotly.v1+json']).toEqual(smallSurface);
      if (findChromium()) expect(Buffer.from(data['image/png'], 'base64').subarray(1, 4).toString()).toBe('PNG');
      expect(fs.readdirSync(folder.root)).toEqual(['a.ipynb']);

      const bytes = folder.text('a.ipynb');
      const second = await run('--update');
      expect(about(second.output, 'a')).toContain('passed, unchanged');
      expect(folder.text('a.ipynb')).toBe(bytes);
      const check = await run('--check');
      expect(check.code, check.output).toBe(0);
      expect(about(check.output, 'a')).toContain('outputs as committed');

      fs.writeFileSync(folder.file('a.ipynb'), bytes.replace('"a\\n"', '"altered\\n"'));
      const altered = await run('--check');
      expect(altered.code).toBe(1);
      expect(about(altered.output, 'a')).toContain(
        'cell 3 (cell-3): output 1.stdout line 1: committed "altered", now "a"',
      );
      expect(folder.text('a.ipynb')).toContain('altered');
    },
    minutes(4),
  );

  it(
    'does not write a notebook with a blank figure or a failed cell',
    async () => {
      const folder = folderOf({
        'blank.ipynb': makeNotebook([putCell, figureCell(blank)]),
        'fails.ipynb': makeNotebook(['console.log(1)', "throw new Error('x')"]),
      });
      const before = ['blank.ipynb', 'fails.ipynb'].map(folder.text);
      const { code, output } = await runNotebooks(['--root', folder.root, '--update']);
      expect(code).toBe(1);
      expect(about(output, 'fails')).toContain('cell 2 failed');
      if (findChromium()) {
        expect(about(output, 'blank')).toMatch(
          /figure of cell 2: the figure is blank: 0\.000 % of its middle has colour/,
        );
        expect(folder.text('blank.ipynb')).toBe(before[0]);
      }
      expect(folder.text('fails.ipynb')).toBe(before[1]);
    },
    minutes(2),
  );

  it(
    'reports that Chromium is missing, and writes the outputs without pictures',
    async () => {
      const folder = folderOf({ 'a.ipynb': makeNotebook([putCell, figureCell(smallSurface)]) });
      const { code, output } = await runNotebooks(['--root', folder.root, '--update'], {
        PATH: folder.root,
        CHROMIUM: '',
      });
      expect(code, output).toBe(0);
      if (process.platform === 'linux') {
        expect(output).toContain('Figures get no PNG: no Chromium was found. Try: install Chromium');
        expect(about(output, 'a')).toContain('1 figure without a PNG (no Chromium)');
        expect(folder.json('a.ipynb').cells[1].outputs[0].data['image/png']).toBeUndefined();
      }
    },
    minutes(2),
  );
});
