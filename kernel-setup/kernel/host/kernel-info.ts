import fs from 'node:fs';
import path from 'node:path';
import { type Content, protocolVersion } from './messages';

const versionIn = (file: string) => (JSON.parse(fs.readFileSync(file, 'utf8')) as { version: string }).version;

/** From wherever this is compiled to. */
function versionOfGradlab(): string {
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json');
    if (fs.existsSync(file)) return versionIn(file);
  }
}

/** What the kernel says of itself. */
export function kernelInfo(): Content<'kernel_info_reply'> {
  const version = versionOfGradlab();
  // Not by way of the compiler itself, which may still be loading.
  const typescript = versionIn(require.resolve('typescript/package.json'));
  return {
    status: 'ok',
    protocol_version: protocolVersion,
    implementation: 'gradlab',
    implementation_version: version,
    banner: `gradlab ${version} · TypeScript ${typescript} · Node ${process.versions.node}`,
    language_info: {
      name: 'typescript',
      version: typescript,
      mimetype: 'text/typescript',
      file_extension: '.ts',
      pygments_lexer: 'typescript',
      // By this name JupyterLab finds TypeScript; a mode of JavaScript would not colour types.
      codemirror_mode: 'typescript',
    },
    debugger: false,
    supported_features: [],
    help_links: [
      { text: 'TypeScript', url: 'https://www.typescriptlang.org/docs/' },
      { text: 'Node.js', url: 'https://nodejs.org/api/' },
    ],
  };
}
