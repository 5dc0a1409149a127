// The library's tests with one break in the source, given by GRADLAB_BREAK_SOURCE: `npm run breaks -- --own-tests`.
import path from 'node:path';
import type { UserWorkspaceConfig } from 'vitest/config';
import { breaksIn, broken } from '../../tools/breaks/mutations.mjs';
import project from '../../vitest.config.mts';

const { at, line, nth, was, text } = JSON.parse(process.env.GRADLAB_BREAK_SOURCE ?? '{}');
const file = path.resolve(at);

const breaking = {
  name: 'break',
  enforce: 'pre' as const,
  transform(source: string, id: string) {
    if (path.resolve(id.split('?')[0]!) !== file) return undefined;
    const alike = breaksIn(source).filter((one) => one.line === line && one.was === was && one.text === text);
    if (!alike[nth]) throw new Error(`there is no such break in ${at}:${line}`);
    return broken(source, alike[nth]);
  },
};

const projects = (project.test!.projects as UserWorkspaceConfig[]).map((one) => ({ ...one, plugins: [breaking] }));

export default { ...project, test: { ...project.test, projects } };
