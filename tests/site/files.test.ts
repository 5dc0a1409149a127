// Files in the static laboratory: imports from the notebook's folder and others, data files, and Fashion-MNIST from the
// site or the reader.
import fs from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { browsers, describeIn } from '../support/browsers';
import { pictures } from '../support/fashion-mnist';
import { makeNotebook } from '../support/notebooks';
import { buildSite, scratchSite, type Visit, visitSite } from './built-site';
import { contents, execute, openNotebook } from './laboratory';

const hasPictures = fs.existsSync(pictures);
const names = ['t10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz'] as const;
const folder = 'mein Ordner/Übung 1';
const notebook = `${folder}/versuch eins.ipynb`;

describeIn(browsers, 'files in the static laboratory', (browser) => {
  const { folder: scratch, site } = scratchSite();
  let visit: Visit;
  let page: Page;

  beforeAll(async () => {
    await buildSite(site, false);
    const first = '000-machine-learning/q-scaling-why-b-waits.ipynb';
    fs.writeFileSync(path.join(site, 'files', first), JSON.stringify(makeNotebook(['1 + 1'])));
    visit = await visitSite(site, scratch, browser);
    // A page whose storage can be filled, then the tested one.
    page = await openNotebook(visit.context, visit.address, first);
    await contents(page, 'save', 'mein Ordner', { type: 'directory', format: 'json', content: '' });
    await contents(page, 'save', folder, { type: 'directory', format: 'json', content: '' });
    await write('versuch eins.ipynb', makeNotebook(['1 + 1']), { type: 'notebook', format: 'json' });
    await page.evaluate((file) => jupyterapp.commands.execute('docmanager:open', { path: file }), notebook);
  });
  afterAll(async () => {
    await visit?.close();
    fs.rmSync(scratch, { recursive: true, force: true });
  });

  // Every test begins with only the notebook, whatever other tests or retries left.
  beforeEach(async () => {
    const clear = async (place: string) => {
      const { content } = (await contents(page, 'get', place, { content: true })) as { content: { path: string }[] };
      for (const { path: file } of content)
        if (file !== folder && file !== notebook) await contents(page, 'delete', file);
    };
    await clear(folder);
    await clear(path.posix.dirname(folder));
  });

  const write = (name: string, content: unknown, kind: object = { type: 'file', format: 'text' }) =>
    contents(page, 'save', path.posix.join(folder, name), { ...kind, content });
  const upload = (name: string, bytes: Buffer) =>
    write(name, bytes.toString('base64'), { type: 'file', format: 'base64' });
  const remove = (name: string) => contents(page, 'delete', path.posix.join(folder, name));
  const run = async (code: string) => {
    const { reply, result, shown } = await execute(page, notebook, code);
    const error = reply.status === 'error' ? `${reply.ename}: ${reply.evalue}` : undefined;
    return { value: result ?? error, shown, traceback: stripVTControlCharacters((reply.traceback ?? []).join('\n')) };
  };
  const value = async (code: string) => (await run(code)).value;

  test('imports modules from the folder, a subfolder and a sibling folder; JSON; JavaScript of both kinds', async () => {
    await write(
      'wörter und zahlen.ts',
      'import { half } from "../teile";\nexport const twice = (x: number) => 4 * half(x);',
    );
    await write('../teile.ts', 'export const half = (x: number) => x / 2;');
    await contents(page, 'save', `${folder}/lib`, { type: 'directory', format: 'json', content: '' });
    await write('lib/index.ts', 'export * from "./innen";');
    await write('lib/innen.ts', 'export const inside = "inside";');
    await write('größen.json', '{ "rows": 3 }');
    await write('neu.js', 'import { half } from "../teile";\nexport const one = half(2);');
    await write('alt.cjs', 'exports.two = 2;');
    const code = `import { twice } from "./wörter und zahlen";
      import { inside } from "./lib";
      import sizes from "./größen.json";
      [twice(21), inside, sizes.rows]`;
    expect(await value(code)).toBe("[ 42, 'inside', 3 ]");
    expect(await value('[(await import("./neu.js")).one, require("./alt.cjs").two]')).toBe('[ 1, 2 ]');
    expect(await value('const name = "innen"; (await import("./lib/" + name)).inside')).toBe("'inside'");
  });

  test('the next import uses what is saved in the page; so do names, and deleted files', async () => {
    await write('../teile.ts', 'export const half = (x: number) => x / 2;');
    await write('doppelt.ts', 'import { half } from "../teile";\nexport const twice = (x: number) => 4 * half(x);');
    await write('größen.json', '{ "rows": 3 }');
    const code = 'import { half } from "../teile";\nimport { twice } from "./doppelt";\n[half(8), twice(8)]';
    expect(await value(code)).toBe('[ 4, 16 ]');
    await write('../teile.ts', 'export const half = (x: number) => x;');
    expect(await value(code)).toBe('[ 8, 32 ]');
    await contents(page, 'rename', 'mein Ordner/teile.ts', 'mein Ordner/stücke.ts');
    expect(await value('import { half } from "../stücke";\nhalf(5)')).toBe('5');
    expect(await value('import { half as none } from "../teile";\nnone(5)')).toMatch(/There is no such file/);
    expect(await value('(await import("../" + "teile")).half(5)')).toMatch(/Cannot find module '..\/teile'/);
    expect(await value('import sizes from "./größen.json";\nsizes.rows')).toBe('3');
    await remove('größen.json');
    expect(await value('import gone from "./größen.json";\ngone.rows')).toMatch(/There is no such file/);
    expect(await value('require("./grö" + "ßen.json").rows')).toMatch(/Cannot find module/);
  });

  test('an error has the line of its file, also if the name has spaces; reports invalid JSON', async () => {
    await write('mit "Namen" drin.ts', '\n\nexport const fail = () => { throw new RangeError("here"); };');
    const { traceback } = await run('import { fail } from \'./mit "Namen" drin\';\nfail()');
    expect(traceback).toMatch(/at fail \(mit "Namen" drin\.ts:3:35\)\n {4}at Cell \[\d+\]:2:1\n/);
    await write('kaputt.json', '{ "rows": ');
    expect(await value('require("./kaputt.json")')).toMatch(/SyntaxError: kaputt.json is not JSON/);
  });

  test('data.readText and data.readBytes read any file of the reader', async () => {
    await write('Tabelle 1.csv', 'a,b\n1,ü');
    await upload('bytes.bin', Buffer.from([0, 200, 255]));
    await write('../darüber.txt', 'above');
    await run('import { data } from "gradlab"');
    expect(await value('await data.readText("Tabelle 1.csv")')).toBe("'a,b\\n1,ü'");
    expect(await value('[...await data.readBytes("./bytes.bin")]')).toBe('[ 0, 200, 255 ]');
    expect(await value('await data.readText("../darüber.txt")')).toBe("'above'");
    expect(await value('await data.readText("keine.csv")')).toMatch(
      /GradlabError: readText: there is no file keine.csv/,
    );
    expect(await value('import fs from "node:fs"')).toMatch(/data\.readText/);
  });

  test('io writes files beside the notebook and reads them, compressed or not', async () => {
    await run('import { io, tensor, zeros, nn } from "gradlab"');
    await run('await io.saveNpy("zähler.npy", tensor([1, 2, 3]))');
    expect(await value('(await io.loadNpy("./zähler.npy")).tolist()')).toBe('[ 1, 2, 3 ]');
    const { content, format } = (await contents(page, 'get', path.posix.join(folder, 'zähler.npy'), {
      content: true,
    })) as { content: string; format: string };
    expect(format).toBe('base64');
    expect(Buffer.from(content, 'base64').subarray(1, 6).toString()).toBe('NUMPY');
    await run('await io.saveNpz("../lauf.npz", { loss: [0.5], x: zeros([300, 300]) }, { compressed: true })');
    expect(await value('const { loss, x } = await io.loadNpz("../lauf.npz"); [loss.item(), x.shape]')).toBe(
      '[ 0.5, [ 300, 300 ] ]',
    );
    expect(
      await value(`await io.save("netz.safetensors", new nn.Linear(2, 1).stateDict());
        const rows = (await io.openSafetensors("netz.safetensors")).rows("weight"); rows.at(0).shape`),
    ).toBe('[ 2 ]');
    await upload('kaputt.npz', Buffer.from('PK'));
    expect(await value('await io.loadNpz("kaputt.npz")')).toMatch(
      /FormatError: loadNpz: kaputt.npz: this is not an npz file/,
    );
    expect(await value('await io.saveNpy("keiner/x.npy", zeros([1]))')).toMatch(
      /GradlabError: saveNpy: keiner\/x.npy cannot be written: .*there is no such folder/,
    );
  });

  test('a checkpoint creates its folders, and training resumes from it; reports a file in the way', async () => {
    await run('import { nn, optim, tensor, training } from "gradlab"');
    const trained = (epochs: number, file: string) =>
      value(`const net = new nn.Linear(1, 1);
        const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
        const options = { loss: nn.functional.mseLoss, optimizer, epochs: ${epochs}, checkpoint: "${file}", resume: true };
        (await training.fitAsync(net, [[tensor([[1]]), tensor([[2]])]], options)).history.loss.length`);
    expect(await trained(2, 'läufe/eins/lauf.safetensors')).toBe('2');
    const { content } = (await contents(page, 'get', path.posix.join(folder, 'läufe/eins'), { content: true })) as {
      content: { name: string }[];
    };
    expect(content.map(({ name }) => name)).toEqual(['lauf.safetensors']);
    expect(await trained(5, 'läufe/eins/lauf.safetensors')).toBe('5');
    await write('datei', 'text');
    expect(await trained(1, 'datei/lauf.safetensors')).toMatch(/GradlabError: fit: .*datei is a file, no folder/);
  });

  test('imports modules by URL, and reports packages that do not exist', async () => {
    let isBusy = true;
    const web = createServer(({ url }, response) => {
      const cors = url!.startsWith('/closed') ? {} : { 'Access-Control-Allow-Origin': '*' };
      response.writeHead(url!.startsWith('/busy') && isBusy ? 503 : 200, {
        'Content-Type': 'text/javascript',
        ...cors,
      });
      response.end(
        url === '/part.mjs' ? 'export const n = 7' : 'export { n } from "./part.mjs"; export default (x) => x + 1',
      );
    });
    await new Promise<void>((ready) => {
      web.listen(0, '127.0.0.1', ready);
    });
    onTestFinished(() => void web.close());
    const address = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    const code = `import plus, { n } from "${address}/mod.mjs";\nconst anything: string = plus(n); anything`;
    expect(await value(code)).toBe('8');
    expect(await value(`import closed from "${address}/closed.mjs"; closed`)).toMatch(/Cannot load http.*CORS/);
    const again = `import plus from "${address}/busy.mjs"; plus(1)`;
    expect(await value(again)).toMatch(/Cannot load http/);
    isBusy = false;
    expect(await value(again)).toBe('2');
    expect(await value('import _ from "lodash"')).toMatch(/any module by its address: .*https/);
  });

  describe('Fashion-MNIST', () => {
    const load =
      'const { x, y } = await (await import("gradlab")).data.fashionMnist({ split: "test" }); [x.shape[0], y.at(0).item()]';
    const onSite = (name: string) => path.join(site, 'extensions', 'gradlab-kernel', 'data', 'fashion-mnist', name);

    test('explains what to do on a site without the data', async () => {
      const message = await value(load);
      expect(message).toMatch(/t10k-images-idx3-ubyte.gz is in none of the folders/);
      expect(message).toMatch(/drop .* and t10k-labels-idx1-ubyte\.gz .* into the list of files on the left/);
      expect(message).toMatch(/split: 'sample'/);
      expect(message).not.toMatch(/apt/);
    });

    test('reads files of the reader: truncated, another one, correct', async () => {
      await upload(names[0], Buffer.from('cats'));
      expect(await value(load)).toMatch(/fashionMnist: t10k-images.* is not the data set's file/);
      if (!hasPictures) return;
      const [images, labels] = names.map((name) => fs.readFileSync(path.join(pictures, name)));
      await upload(names[0], images!.subarray(0, 1e6));
      expect(await value(load)).toMatch(/\(1000000 bytes\) is damaged: .*download it again/);
      await remove(names[0]);
      await page.evaluate((to) => jupyterapp.commands.execute('filebrowser:go-to-path', { path: to }), folder);
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        page.locator('[data-command="filebrowser:upload"], .jp-id-upload').first().click(),
      ]);
      await chooser.setFiles(names.map((name) => path.join(pictures, name)));
      await expect.poll(async () => await value(load)).toBe('[ 10000, 9 ]');
      for (const name of names) await remove(name);
      // Files at the top level are for all notebooks.
      for (const [i, bytes] of [images, labels].entries())
        await contents(page, 'save', names[i], { type: 'file', format: 'base64', content: bytes!.toString('base64') });
      expect(await value(load)).toBe('[ 10000, 9 ]');
      for (const name of names) await contents(page, 'delete', name);
    });

    test.skipIf(!hasPictures)('loads files from the site, with their progress', async () => {
      await run('await caches.delete("gradlab")');
      for (const name of names) fs.copyFileSync(path.join(pictures, name), onSite(name));
      onTestFinished(() => {
        for (const name of names) fs.rmSync(onSite(name));
      });
      const { value: loaded, shown } = await run(load);
      expect(loaded).toBe('[ 10000, 9 ]');
      expect(shown.join('\n')).toMatch(/t10k-images-idx3-ubyte\.gz, MB .*5\/5/);
      fs.writeFileSync(onSite(names[1]), 'half');
      await run('await caches.delete("gradlab")');
      expect(await value(load)).toMatch(/fashion-mnist\/t10k-labels.*is (damaged|not the data set's file)/);
    });
  });
});
