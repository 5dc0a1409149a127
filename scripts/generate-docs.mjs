// Writes docs/ops.md from the declarations and the op table of the built library.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { readApi } from './api.mjs';
import { opsReference } from './ops-reference.mjs';

const require = createRequire(import.meta.url);
require('gradlab');
const { opTable } = require('../dist/ops/table/table.js');
writeFileSync(new URL('../docs/ops.md', import.meta.url), opsReference(readApi(), opTable));
