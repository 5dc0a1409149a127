// The text of docs/pytorch.md: how much of PyTorch is available, counted from the declarations.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** PyTorch's public names by namespace, as torch-names.py found them. */
const torchNames = () => JSON.parse(readFileSync(new URL('torch-names.json', import.meta.url), 'utf8'));

/** These return functions of functions, as no name elsewhere does. */
const apart = ['torch.func'];

const inCamelCase = (name) => name.replace(/(?<=[A-Za-z0-9])_([A-Za-z0-9])/g, (_, sign) => sign.toUpperCase());

/**
 * What of PyTorch's names has an equal here: in the same namespace; or elsewhere, where PyTorch, too, has the function under two
 * names (`torch.special.expit`, `torch.conv1d`). Methods of tensors count only among methods.
 * @param {ReturnType<import('./api.mjs').readApi>} api
 * @returns {{ space: string, names: string[], missing: string[] }[]}
 */
export function sharedNames(api) {
  const isOfTensors = ({ kind }) => kind === 'method' || kind === 'property';
  const namesOf = (entries) => new Set(entries.map(({ path }) => path.at(-1)));
  const methods = new Set([...namesOf(api.entries.filter(isOfTensors)), ...api.attributes]);
  const others = namesOf(api.entries.filter((entry) => !isOfTensors(entry)));
  const paths = new Set(api.entries.map(({ path }) => path.join('.')));
  return Object.entries(torchNames().names).map(([space, names]) => {
    const there = (name) => {
      const own = inCamelCase(name);
      if (space === 'torch.Tensor') return methods.has(own);
      const full = `${space}.${name}`.slice('torch.'.length);
      return (
        api.find(full) !== undefined || paths.has(inCamelCase(full)) || (!apart.includes(space) && others.has(own))
      );
    };
    return { space, names, missing: names.filter((name) => !there(name)) };
  });
}

/** The number of available names among those that PyTorch's own test cases call. */
function ofCases(api) {
  const data = (file) =>
    gunzipSync(readFileSync(new URL(`../../tests/oracle/data/${file}.jsonl.gz`, import.meta.url)))
      .toString('utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  const row = (what, cases, torchName) => {
    const wanted = [...new Set(cases.map(torchName))];
    const there = wanted.filter((name) => api.find(name) !== undefined);
    const missing = wanted.filter((name) => !there.includes(name)).map((name) => `\`${name}\``);
    return `| ${what} | ${there.length} of ${wanted.length} | ${missing.join(', ') || 'none'} |`;
  };
  return [
    row('operations, first tier', data('ops_tier1'), ({ op }) => op),
    row('operations, second tier', data('ops_tier2'), ({ op }) => op),
    row('modules', data('modules'), ({ op }) => op),
    row('optimizers', data('optim'), ({ op }) => `optim.${op}`),
    row('schedulers', data('sched'), ({ op }) => `optim.lr_scheduler.${op}`),
  ];
}

/** The text. @param {ReturnType<import('./api.mjs').readApi>} api */
export function pytorchReference(api) {
  const shared = sharedNames(api);
  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
  const all = sum(shared.map(({ names }) => names.length));
  const there = all - sum(shared.map(({ missing }) => missing.length));
  const share = (part, whole) => `${part} of ${whole} (${Math.round((100 * part) / whole)} %)`;
  return `${[
    '# How much of PyTorch is here',
    '',
    '<!-- Written by scripts/generate-docs.mjs from the declarations and tools/reference/torch-names.json; run `npm run generate`. -->',
    '',
    'Of the names that [PyTorch’s own test cases](oracle.md) call, with which results and gradients are compared:',
    '',
    '| of the names of | there | missing |',
    '|---|---|---|',
    ...ofCases(api),
    '',
    `Of the ${all} public names of PyTorch ${torchNames().version} that have a meaning here, ${there} (${Math.round((100 * there) / all)} %) are there, in camelCase.`,
    'Public is what PyTorch documents; devices, processes, compilers, storage, quantization and sparse layouts are not counted.',
    'Many names mean the same: `torch.multiply` is `torch.mul`.',
    '',
    '| namespace | there |',
    '|---|---|',
    ...shared.map(
      ({ space, names, missing }) => `| \`${space}\` | ${share(names.length - missing.length, names.length)} |`,
    ),
    '',
    '## What is not there',
    '',
    ...shared
      .filter(({ missing }) => missing.length > 0)
      .flatMap(({ space, missing }) => [`**${space}**: ${missing.map((name) => `\`${name}\``).join(', ')}`, '']),
  ]
    .join('\n')
    .trimEnd()}\n`;
}
