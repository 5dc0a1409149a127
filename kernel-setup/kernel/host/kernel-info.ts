import { type Content, protocolVersion } from './messages';

export interface Versions {
  gradlab: string;
  typescript: string;
  /** The platform that runs the cells. */
  platform: string;
}

/** The reply to `kernel_info_request`. */
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
      // JupyterLab maps this name to TypeScript; a JavaScript mode would not colour types.
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
