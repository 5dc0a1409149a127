// Shows a failing cell: its source, the line, the message.

import { lineUnderTslab } from './tslab-line.mjs';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are terminal colours
const COLOURS = /\x1b\[[0-9;]*m/g;

/**
 * The position of an error in a cell's source, and its message.
 * @param error from `executeNotebook`, of kind cell
 * @param source the cell's source
 * @returns {{ message: string, line?: number, column?: number, stack: string }} `line` counts from 1; missing if it
 *   is unknown
 */
export function explainCellError({ name, message, traceback }, source) {
  const stack = traceback.replace(COLOURS, '').trim();
  return { message: messageOf(name, message, stack), ...placeOf(stack, source), stack };
}

function messageOf(name, message, stack) {
  const own = [name, message].filter(Boolean).join(': ');
  if (own) return own;
  const lines = stack.split('\n');
  const thrown = lines.find((line) => /^(Uncaught )?[\w$.]*(Error|Exception|Interrupt)\b.*/.test(line));
  return thrown ?? lines.find((line) => line.trim() !== '') ?? 'the cell failed without a message';
}

function placeOf(stack, source) {
  // The cell that failed is the newest; the error may have been thrown in a function of an earlier one.
  const places = [...stack.matchAll(/Cell \[(\d+)\](?::|,? line )(\d+)(?:(?::|,? column )(\d+))?/g)];
  const newest = Math.max(...places.map(([, cell]) => Number(cell)));
  const ours = places.find(([, cell]) => Number(cell) === newest);
  if (ours) return { line: Number(ours[2]), column: ours[3] ? Number(ours[3]) : undefined };
  // a compiler message of tslab: "3:7 - Type 'number' is not assignable …"
  const compiler = /^(\d+):(\d+) - /m.exec(stack);
  if (compiler) return { line: Number(compiler[1]), column: Number(compiler[2]) };
  return { line: lineUnderTslab(stack, source) };
}

/** The failing cell for a terminal: numbered source with an arrow at the line, the message, and the rest of the stack. */
export function showCellError(error, source) {
  const { message, line, stack } = explainCellError(error, source);
  const width = String(source.split('\n').length).length;
  const numbered = source.split('\n').map((text, i) => {
    const mark = i + 1 === line ? '→' : ' ';
    return `${mark} ${String(i + 1).padStart(width)} │ ${text}`.trimEnd();
  });
  const where = line ? `line ${line}: ` : '';
  const more = stack
    .split('\n')
    .filter((text) => text.trim() !== '' && !isSaid(text, message) && !KERNEL_FRAME.test(text))
    .filter((text) => !isExcerpt(text, source));
  const shown = more.slice(0, STACK_LINES).map((text) => `    ${text}`);
  if (more.length > STACK_LINES) shown.push(`    … ${more.length - STACK_LINES} lines more`);
  return [...numbered, `${where}${message}`, ...shown].join('\n');
}

/**
 * A line that repeats the message: name and text of an error, for a type error also its position and the hint, and the
 * last words.
 */
function isSaid(text, message) {
  const words = text
    .trim()
    .replace(/ - error (?=TS\d+:)/, ' - ')
    .replace(/^→ /, '');
  const [name] = message.split(':');
  if (words.replace(/ in Cell \[\d+\](:\d+:\d+)?$/, '') === name) return true;
  return message.split('\n').some((line) => line.trim() === words || (words.length > 10 && line.includes(words)));
}

/** A source line, as the kernel shows it in an error: the whole source is already shown. */
function isExcerpt(text, source) {
  const [, line] = /^(?:>| ) +\d* \| ?(.*)$/.exec(text) ?? [];
  return line !== undefined && (/^ *\^+$/.test(line) || source.split('\n').includes(line));
}

const STACK_LINES = 12;
const KERNEL_FRAME = /^\s*at .*(node:|[\\/]tslab[\\/]dist[\\/])/;
