// One installation owned by root for two simultaneous system users, as with JupyterHub's local spawner.
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { closedToOthers } from '../../kernel-setup/setup/folders.mjs';
import { setUp, stepsWithoutJupyter } from '../../kernel-setup/setup/index.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { Kernel } from '../kernel/conformance/client/kernel';
import { scratchFolder } from '../support/project-copy';

const closed = [paths.launcher, process.execPath].map((file) => closedToOthers(file)).find(Boolean);
const reason =
  process.getuid?.() !== 0 ? 'it needs root, to be two others' : closed && `${closed} is closed to all but its owner`;
if (reason) console.warn(`Skipped: an installation that users of the system share; ${reason}`);

const people = [61_001, 61_002];
const cells = `import fs from 'node:fs';
import os from 'node:os';
import { nn, randn } from 'gradlab';
const size: number = new nn.Linear(3, 2)(randn([4, 3])).numel();
const attempt = (act: () => void) => { try { act(); return 'done'; } catch (e) { return (e as NodeJS.ErrnoException).code; } };
fs.writeFileSync('mine.txt', '');
console.log(JSON.stringify([process.getuid!(), os.homedir(), size]));`;

test.skipIf(reason)(
  "each has a kernel with private files, and can access neither the other's nor the installation",
  async () => {
    await setUp({ log: () => {} }, stepsWithoutJupyter);
    const top = scratchFolder();
    fs.chmodSync(top, 0o755);
    const kernels: Kernel[] = [];
    try {
      for (const uid of people) {
        const home = path.join(top, `${uid}`);
        fs.mkdirSync(home, { mode: 0o755 });
        fs.chownSync(home, uid, uid);
      }
      kernels.push(
        ...(await Promise.all(people.map((uid) => Kernel.start({ user: { uid, home: path.join(top, `${uid}`) } })))),
      );
      const said = await Promise.all(kernels.map(({ client }) => client.run(cells)));
      people.forEach((uid, i) => {
        const home = path.join(top, `${uid}`);
        expect(JSON.parse(said[i]!.stdout)).toEqual([uid, home, 8]);
        expect(fs.statSync(path.join(home, 'mine.txt')).uid).toBe(uid);
      });
      const other = path.join(top, `${people[1]}`);
      const state = path.join(other, '.local', 'state', 'gradlab');
      const [own] = fs.readdirSync(state);
      const history = path.join(state, own!, 'history');
      await expect.poll(() => fs.existsSync(history)).toBe(true);
      const tries = [
        `fs.writeFileSync(${JSON.stringify(path.join(paths.root, 'written'))}, '')`,
        `fs.writeFileSync(${JSON.stringify(path.join(other, 'written'))}, '')`,
        `fs.readdirSync(${JSON.stringify(history)})`,
      ];
      const { stdout } = await kernels[0]!.client.run(
        `console.log(JSON.stringify([${tries.map((code) => `attempt(() => ${code})`)}]));`,
      );
      expect(JSON.parse(stdout)).toEqual(['EACCES', 'EACCES', 'EACCES']);
    } finally {
      await Promise.all(kernels.map((kernel) => kernel.stop()));
      fs.rmSync(top, { recursive: true, force: true, maxRetries: 5 });
    }
  },
);
