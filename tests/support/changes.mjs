// The local changes: files changed and not committed, and those committed since the branch left its upstream.
import { execFileSync } from 'node:child_process';
import { paths } from '../../kernel-setup/setup/paths.mjs';

/**
 * The changed files, from `root`, including deleted ones, and since when; undefined outside a clone.
 * @returns {{ files: string[], since: string } | undefined}
 */
export function changesIn(root = paths.root) {
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' });
  const tried = (...args) => {
    try {
      return git(...args).trim();
    } catch {
      return undefined;
    }
  };
  if (tried('rev-parse', '--is-inside-work-tree') !== 'true') return undefined;
  const lines = (text) => text.split('\0').filter(Boolean);
  const untracked = lines(git('ls-files', '--others', '--exclude-standard', '-z'));
  const upstreams = ['@{upstream}', 'origin/HEAD', 'origin/main', 'main'];
  const upstream = upstreams.map((name) => tried('rev-parse', '--abbrev-ref', '--verify', '-q', name)).find(Boolean);
  const fork = upstream && tried('merge-base', upstream, 'HEAD');
  const since = fork && fork !== tried('rev-parse', 'HEAD') ? upstream : 'the last commit';
  if (!fork && tried('rev-parse', '--verify', '-q', 'HEAD') === undefined) return { files: untracked.sort(), since };
  const tracked = lines(git('diff', '--name-only', '--no-renames', '--relative', '-z', fork || 'HEAD', '--', '.'));
  return { files: [...new Set([...tracked, ...untracked])].sort(), since };
}
