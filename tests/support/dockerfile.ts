// The part of the Dockerfile syntax that ours uses, and a build of it in a folder, if there is no container engine.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { paths } from '../../kernel-setup/setup/index.mjs';

export interface Step {
  instruction: string;
  /** The text after the instruction, with its lines joined. */
  text: string;
}

/** The steps of a Dockerfile; throws for an instruction that {@link build} does not know. */
export function readDockerfile(text: string): Step[] {
  const known = ['FROM', 'RUN', 'USER', 'WORKDIR', 'ENV', 'COPY', 'EXPOSE', 'HEALTHCHECK', 'CMD'];
  const lines = text.split('\n').filter((line) => !/^\s*(#|$)/.test(line));
  const joined = lines.join('\n').replace(/\\\n\s*/g, '');
  return joined.split('\n').map((line) => {
    const [, instruction = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    if (!known.includes(instruction)) throw new Error(`not an instruction that we read: ${line}`);
    return { instruction, text: rest };
  });
}

/** The words of the exec form, which starts a program without a shell. */
export const wordsOf = (text: string): string[] => JSON.parse(/\[.*\]$/.exec(text)![0]);

/** The files of the project as a clone would have them, with local changes. */
export function filesOfClone(): string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { stdout } = spawnSync('git', args, { cwd: paths.root, encoding: 'utf8', maxBuffer: 2 ** 26 });
  return stdout.split('\0').filter((name) => name !== '' && fs.existsSync(path.join(paths.root, name)));
}

/** Whether .dockerignore excludes a file: by its name, or that of a parent folder. `*` matches within one name. */
export function isIgnored(name: string, dockerignore: string): boolean {
  const patterns = dockerignore.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return patterns.some((pattern) => {
    const source = pattern
      .split('/')
      .map((part) => (part === '**' ? '(?:.*)' : part.replace(/[.+^$()|[\]{}]/g, '\\$&').replaceAll('*', '[^/]*')))
      .join('/')
      .replaceAll('(?:.*)/', '(?:.*/)?');
    return new RegExp(`^${source}(?:/.*)?$`).test(name);
  });
}

/** Copies files of the project to another folder. */
export function copyFiles(names: readonly string[], to: string): void {
  for (const name of names) {
    fs.mkdirSync(path.dirname(path.join(to, name)), { recursive: true });
    fs.cpSync(path.join(paths.root, name), path.join(to, name), { verbatimSymlinks: true });
  }
}

/** A user other than root, whoever runs the tests. */
export const somebody = process.getuid?.() === 0 ? { uid: 1000, gid: 1000 } : {};

/** Changes the owner of a folder and its content to that user. */
export function giveAway(folder: string): void {
  if (somebody.uid === undefined) return;
  const { status, stderr } = spawnSync('chown', ['-R', `${somebody.uid}:${somebody.gid}`, folder], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}

/** The environment of a new shell of that user: it keeps the package index settings, and none of ours. */
export function variables(home: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) =>
    /^(https?_proxy|no_proxy|pip_|ssl_|node_extra)/i.test(name),
  );
  const folders = [path.dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'];
  return { ...Object.fromEntries(kept), HOME: home, PATH: folders.join(path.delimiter), LANG: 'C.UTF-8' };
}

/** The start settings of a built image. */
export interface Image {
  user: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
  command: string[];
  healthCheck: string[];
}

/**
 * Runs a Dockerfile's steps in a folder that replaces `/`. Steps of root that install Debian packages use
 * `apt-get --simulate`; all others run as a user other than root.
 */
export function build(steps: readonly Step[], root: string, log: (line: string) => void): Image {
  const dockerignore = fs.readFileSync(path.join(paths.root, '.dockerignore'), 'utf8');
  const context = filesOfClone().filter((name) => !isIgnored(name, dockerignore));
  const inside = (place: string) => path.join(root, place);
  const image: Image = { user: 'root', cwd: root, env: variables(inside('/home/node')), command: [], healthCheck: [] };
  for (const { instruction, text } of steps) {
    const started = Date.now();
    if (instruction === 'USER') image.user = text;
    else if (instruction === 'WORKDIR') image.cwd = inside(text);
    else if (instruction === 'ENV')
      for (const [, name, value] of text.matchAll(/(\w+)=(\S*)/g)) image.env[name!] = value;
    else if (instruction === 'CMD') image.command = wordsOf(text);
    else if (instruction === 'HEALTHCHECK') image.healthCheck = wordsOf(text);
    else if (instruction === 'COPY') {
      const [target, ...sources] = text
        .replace(/^--chown=\S+ /, '')
        .split(' ')
        .reverse();
      const wanted = (name: string) =>
        sources.some((each) => each === '.' || each === name || name.startsWith(`${each}/`));
      copyFiles(context.filter(wanted), path.join(image.cwd, target!));
      giveAway(image.cwd);
    } else if (instruction === 'RUN' && image.user === 'root') {
      const packages = /apt-get install -y --no-install-recommends ([\w\s.-]+)/.exec(text)![1]!.trim().split(/\s+/);
      const simulated = spawnSync('apt-get', ['install', '--simulate', ...packages], { encoding: 'utf8' });
      if (simulated.status !== 0) throw new Error(`apt-get knows not all of ${packages}: ${simulated.stderr}`);
      for (const [, made] of text.matchAll(/mkdir (\S+)/g)) fs.mkdirSync(inside(made!), { recursive: true });
      giveAway(inside('/home/node'));
    } else if (instruction === 'RUN') {
      const done = spawnSync('/bin/sh', ['-c', text], {
        ...somebody,
        cwd: image.cwd,
        env: image.env,
        encoding: 'utf8',
      });
      if (done.status !== 0) throw new Error(`${text}\n${done.stdout}${done.stderr}`);
    }
    log(`${instruction} ${text.slice(0, 60)} (${((Date.now() - started) / 1000).toFixed(0)} s)`);
  }
  return image;
}
