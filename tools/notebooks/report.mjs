// Progress and results of a run of notebooks, for the terminal.
import { countClaims } from './claims.mjs';

/**
 * Lines about the run; a terminal also gets the current cell of each notebook.
 * @param {{ isTTY?: boolean, columns?: number, write(text: string): unknown }} [out]
 */
export function makeReport(out = process.stdout) {
  const running = new Map();
  const live = out.isTTY === true;
  let lastStatus = Date.now();

  const clearStatus = () => {
    if (live) out.write('\r\x1b[K');
  };
  const say = (text) => {
    clearStatus();
    out.write(`${text}\n`);
  };
  const status = () =>
    [...running]
      .map(([name, { cell, cells, text }]) => `${name.split('/').at(-1)} ${cell}/${cells}${text ? `: ${text}` : ''}`)
      .join(' · ');
  const showStatus = () => {
    if (live) {
      clearStatus();
      out.write(`  ${status()}`.slice(0, (out.columns || 80) - 1)); // a second line could not be cleared
    } else if (Date.now() - lastStatus > 10_000) {
      lastStatus = Date.now();
      say(`… ${status()}`);
    }
  };

  return {
    say,
    started(name) {
      say(`▶ ${name}`);
      running.set(name, { cell: 0, cells: '?' });
    },
    /** Cell number `cell` of `cells` begins. Without a terminal, a line at most every ten seconds. */
    atCell(name, cell, cells) {
      running.set(name, { cell, cells });
      showStatus();
    },
    /** Shows the progress of the cell, from its progress bar or training display. */
    atProgress(name, text) {
      running.set(name, { ...running.get(name), text });
      showStatus();
    },
    finished(result) {
      running.delete(result.name);
      say(resultLines(result));
    },
  };
}

/** A notebook's result: one line, with its problems below. */
export function resultLines({ name, seconds, claims, problems, notes }) {
  const mark = problems.length === 0 ? '✓' : '✗';
  const passed = ['passed', ...notes].join(', ');
  const verdicts = claims.length > 0 ? `claims: ${countClaims(claims)}` : 'no claims';
  const lines = [
    `${mark} ${name} · ${seconds.toFixed(1)} s · ${verdicts} · ${problems.length === 0 ? passed : 'failed'}`,
  ];
  for (const { title, details } of problems) {
    lines.push(`  ${title}`);
    if (details) lines.push(details.replace(/^(?=.)/gm, '    '));
  }
  if (problems.length > 0) lines.push(...notes.map((note) => `  ${note}`));
  return lines.join('\n');
}

/** The last line: all notebooks together. */
export function totalLine(results, seconds) {
  const failed = results.filter(({ problems }) => problems.length > 0).length;
  const claims = results.flatMap((result) => result.claims);
  const count = `${results.length} notebook${results.length === 1 ? '' : 's'}`;
  const verdicts = countClaims(claims, { all: true });
  return `${count}: ${results.length - failed} passed, ${failed} failed · claims: ${verdicts} · ${seconds.toFixed(1)} s`;
}
