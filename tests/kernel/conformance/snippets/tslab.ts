import type { Snippets } from '.';
import { typescript } from './typescript';

const text = JSON.stringify;

/** Displays each MIME type with tslab's API. */
function raw(target: string, bundle: object): string {
  return Object.entries(bundle)
    .map(([type, content]) => {
      if (type === 'image/png') return `${target}.png(Buffer.from(${text(content)}, "base64"));`;
      return `${target}.raw(${text(type)}, ${text(content)} as any);`;
    })
    .join('\n');
}

/** TypeScript with tslab's API for cells. */
export const tslab = {
  ...typescript,
  display: (bundle: object) => `import * as tslab from "tslab";\n${raw('tslab.display', bundle)}`,
  displayAs: (id: string, bundle: object) =>
    `import * as tslab from "tslab";\nconst ${id} = tslab.newDisplay();\n${raw(id, bundle)}`,
  displayAgain: (id: string, bundle: object) => raw(id, bundle),
  clear: undefined,
  openComm: undefined,
  registerTarget: undefined,
  commWithBuffers: undefined,
  widget: undefined,
  input: undefined,
  password: undefined,
} satisfies Snippets;
