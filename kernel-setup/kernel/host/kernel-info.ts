import { type Content, protocolVersion } from './messages';

export interface Versions {
  gradlab: string;
  typescript: string;
  /** What the cells run on. */
  platform: string;
}

/** What the kernel says of itself. */
export function kernelInfo({ gradlab, typescript, platform }: Versions): Content<'kernel_info_reply'> {
  return {
    status: 'ok',
    protocol_version: protocolVersion,
    implementation: 'gradlab',
    implementation_version: gradlab,
    banner: `gradlab ${gradlab} · TypeScript ${typescript} · ${platform}`,
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
      ...(platform.startsWith('Node') ? [{ text: 'Node.js', url: 'https://nodejs.org/api/' }] : []),
    ],
  };
}
