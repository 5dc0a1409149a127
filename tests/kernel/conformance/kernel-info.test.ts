import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { expect } from 'vitest';
import { paths } from '../../../kernel-setup/setup/paths.mjs';
import { check, code, kernelName, language, sharedKernel } from './harness';

const require = createRequire(import.meta.url);

interface LanguageInfo {
  name: string;
  version: string;
  mimetype: string;
  file_extension: string;
  pygments_lexer?: string;
  codemirror_mode?: string | { name: string };
}

async function kernelInfo() {
  const { client } = await sharedKernel();
  const { content } = await client.request('shell', 'kernel_info_request', {});
  return { ...content, language_info: content.language_info as LanguageInfo };
}

check('ki-fields', async () => {
  const text = expect.stringMatching(/./);
  expect(await kernelInfo()).toMatchObject({
    protocol_version: expect.stringMatching(/^5\.\d+(\.\d+)?$/),
    implementation: text,
    implementation_version: text,
    banner: text,
    language_info: { name: text, version: text, mimetype: text, file_extension: expect.stringMatching(/^\./) },
  });
});

check('ki-status', async () => {
  expect(await kernelInfo()).toMatchObject({ status: 'ok' });
});

check('ki-language', async () => {
  const { name, file_extension, mimetype } = code.languageInfo;
  const info = (await kernelInfo()).language_info;
  expect(info).toMatchObject({ name, file_extension });
  expect(info.mimetype).toMatch(mimetype);
});

/** The version of the compiler or interpreter that the kernel runs. */
function realVersion(): string {
  if (language === 'py') {
    const print = 'import platform; print(platform.python_version())';
    return execFileSync(paths.venvPython, ['-c', print], { encoding: 'utf8' }).trim();
  }
  return require(kernelName === 'tslab' ? '@tslab/typescript-for-tslab' : 'typescript').version;
}

check('ki-version-real', async () => {
  expect((await kernelInfo()).language_info.version).toBe(realVersion());
});

check('ki-highlight', async () => {
  const { pygments_lexer, codemirror_mode, name } = (await kernelInfo()).language_info;
  const print = 'import sys, pygments.lexers as l; print(l.get_lexer_by_name(sys.argv[1]).name)';
  const lexer = execFileSync(paths.venvPython, ['-c', print, pygments_lexer ?? name], { encoding: 'utf8' });
  expect(lexer.trim().toLowerCase()).toContain(name);
  expect(typeof codemirror_mode === 'string' ? codemirror_mode : codemirror_mode?.name).toMatch(/./);
});
