import fs from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import schema from './data/job-schema.json';

const valid = new Ajv({ strict: false, allErrors: true }).compile(schema);
const file = path.join(import.meta.dirname, '..', '..', 'docs', 'search-worker.yaml');
const job = () => parse(fs.readFileSync(file, 'utf8'));
/** The errors of a job, with their positions. */
const faults = (given: unknown) =>
  valid(given) ? [] : valid.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);

test('the job of the documentation is valid by the schema of Kubernetes', () => {
  expect(faults(job())).toEqual([]);
  expect(job().spec.template.spec.containers[0].command.slice(0, 3)).toEqual(['npx', 'gradlab', 'worker']);
});

test('a misspelt name, a wrong type and a missing part are detected', () => {
  const misspelt = job();
  misspelt.spec.paralelism = 4;
  expect(faults(misspelt)).toEqual(['/spec must NOT have additional properties']);
  const typed = job();
  typed.spec.parallelism = 'four';
  expect(faults(typed)).toContain('/spec/parallelism must be integer,null');
  const missing = job();
  delete missing.spec.template;
  expect(faults(missing)).toEqual(["/spec must have required property 'template'"]);
  const nested = job();
  nested.spec.template.spec.containers[0].volumeMounts[0].mountpath = '/x';
  expect(faults(nested)).toHaveLength(1);
});
