// npm run site -- FOLDER: the laboratory as a static site for any web server.
import '../kernel-setup/setup/node-version.mjs';

const usage = `npm run site -- FOLDER   builds the laboratory as a static site into FOLDER
  --notebooks FOLDER       with the notebooks of this folder, and what lies beside them, in place of the project's
  --title TEXT             what its start page is called; default: the folder's name
  --fashion-mnist FOLDER   with the data set's files of this folder
  --url ADDRESS            where the site will be, such as https://example.org/gradlab/: for the sitemap, links, their previews and the 404 page
  --no-sliders             without running the notebooks whose controls can be moved on their pages`;

Promise.all([
  import('../kernel-setup/setup/index.mjs'),
  import('../site/build-site.mjs'),
  import('node:util'),
  import('node:path'),
  import('node:fs'),
]).then(
  ([
    { makeContext, paths, runMain, setUp, steps, SetUpError },
    { buildSite, siteBuilder },
    { parseArgs },
    { default: path },
    { default: fs },
  ]) =>
    runMain(async (args) => {
      const { values, positionals } = parseArgs({
        args,
        allowPositionals: true,
        allowNegative: true,
        options: {
          url: { type: 'string' },
          notebooks: { type: 'string' },
          title: { type: 'string' },
          'fashion-mnist': { type: 'string' },
          sliders: { type: 'boolean', default: true },
          help: { type: 'boolean', default: false },
        },
      });
      if (values.help || positionals.length !== 1) {
        if (values.help) console.log(usage);
        else throw new SetUpError('one folder for the site is needed', { remedy: usage });
        return;
      }
      const folderOf = (name) => {
        const folder = path.resolve(name);
        if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder;
        throw new SetUpError(`there is no folder ${folder}`, { remedy: 'name the one that has your notebooks' });
      };
      const notebooks = values.notebooks && folderOf(values.notebooks);
      await setUp({}, [...steps, siteBuilder]);
      const { env, log } = makeContext();
      const to = path.resolve(positionals[0]);
      await buildSite(paths, to, {
        env,
        log,
        notebooks,
        title: values.title,
        fashionMnist: values['fashion-mnist'],
        sliders: values.sliders,
        url: values.url,
      });
      log(
        `✓ ${to}: hand it out with any web server, for example \`python3 -m http.server --directory ${positionals[0]}\``,
      );
    }),
);
