// Which differences count between a notebook's outputs in a page and the committed ones.
import { expect, test } from 'vitest';
import { CLAIM_MIME } from '../../tools/notebooks/claims.mjs';
import { differences } from './differences';

const notebook = (data: Record<string, unknown>) => ({
  cells: [
    { cell_type: 'markdown', id: 'words' },
    {
      cell_type: 'code',
      id: 'one',
      metadata: {},
      outputs: [
        { output_type: 'stream', name: 'stdout', text: ['loss 0.25\n', 'then 1,000.5'] },
        { output_type: 'display_data', data, metadata: {} },
      ],
    },
  ],
});
const figure = (y: number[]) => ({ 'application/vnd.plotly.v1+json': { data: [{ y }] } });
const claim = (verdict: string, value: number) => ({
  [CLAIM_MIME]: [{ id: 'A01', verdict, parts: [{ name: 'gap', value }] }],
});
const between = (a: Record<string, unknown>, b: Record<string, unknown>) => differences(notebook(a), notebook(b));

test('ignores last digits, pictures and measurements of claims', () => {
  expect(between({ 'text/plain': ['a: 0.1234\n', 'b'] }, { 'text/plain': 'a: 0.12341\nb' })).toEqual({});
  expect(between({ ...figure([1, 2]), 'image/png': 'x' }, { ...figure([1, 2.0001]), 'image/png': 'y' })).toEqual({});
  expect(between(claim('holds', 1), claim('holds', 2))).toEqual({});
});

test.each([
  ['another number', { 'text/plain': 'a: 0.1234' }, { 'text/plain': 'a: 0.1244' }],
  ['another sign', { 'text/plain': 'a: 3' }, { 'text/plain': 'a: −3' }],
  ['another word', { 'text/plain': 'a: 0.1234' }, { 'text/plain': 'b: 0.1234' }],
  ['another point', figure([1, 2]), figure([1, 2.01])],
  ['an additional point', figure([1]), figure([1, 2])],
  ['another verdict', claim('holds', 1), claim('failed', 1)],
])('%s counts', (_, committed, fresh) => {
  expect(Object.keys(between(committed, fresh))).toEqual(['one']);
});
