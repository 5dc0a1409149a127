// Required by the process of the cells before anything else, through NODE_OPTIONS. By what the environment says, it
// changes one file of the library as it is loaded, and writes down which parts of the library have run.
//   GRADLAB_BREAK           { file, start, end, text }: `file` is the path in the library's build
//   GRADLAB_BREAK_COVERAGE  the file that is to hold { build, files: [{ file, ranges: [[start, end, count], …] }, …] } in the end
const { writeFileSync } = require('node:fs');
const { Session } = require('node:inspector');
const Module = require('node:module');
const { isMainThread } = require('node:worker_threads');

const build = /[\\/]builds[\\/]library[\\/][^\\/]+[\\/](.*)$/;
const buildFolder = /^(?:file:\/\/)?(.*[\\/]builds[\\/]library[\\/][^\\/]+)[\\/]/;
const { GRADLAB_BREAK, GRADLAB_BREAK_COVERAGE } = process.env;
const inBuild = (file) => build.exec(file)?.[1].replaceAll('\\', '/');

if (GRADLAB_BREAK) {
  const { file, start, end, text } = JSON.parse(GRADLAB_BREAK);
  const load = Module._extensions['.js'];
  Module._extensions['.js'] = (module, path) => {
    if (inBuild(path) !== file) return load(module, path);
    const compile = module._compile;
    module._compile = (source, ...rest) =>
      compile.call(module, source.slice(0, start) + text + source.slice(end), ...rest);
    return load(module, path);
  };
}

if (GRADLAB_BREAK_COVERAGE && isMainThread && /[\\/]cells[\\/]main\.js$/.test(process.argv[1] ?? '')) {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  process.on('exit', () => {
    session.post('Profiler.takePreciseCoverage', (_, { result }) => {
      const files = result.flatMap(({ url, functions }) => {
        const file = inBuild(url);
        if (file === undefined) return [];
        const ranges = functions.flatMap((one) => one.ranges.map((r) => [r.startOffset, r.endOffset, r.count]));
        return [{ file, ranges }];
      });
      const build = result.map(({ url }) => buildFolder.exec(url)?.[1]).find(Boolean);
      writeFileSync(GRADLAB_BREAK_COVERAGE, JSON.stringify({ build, files }));
    });
  });
}
