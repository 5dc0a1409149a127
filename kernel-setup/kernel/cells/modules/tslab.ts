// `import * as tslab from "tslab"` in cells: tslab's interface on our channel. tslab's own module would load a second
// compiler.
import type { Display, versions } from 'tslab';
import { displayOne } from '../display/display';
import { newId } from '../parent/requests';

class TslabDisplay implements Display {
  private shown = false;

  constructor(private readonly id?: string) {}

  javascript = this.writer('text/javascript');
  html = this.writer('text/html');
  markdown = this.writer('text/markdown');
  latex = this.writer('text/latex');
  svg = this.writer('image/svg+xml');
  text = this.writer('text/plain');
  png = this.writer('image/png');
  jpeg = this.writer('image/jpeg');
  gif = this.writer('image/gif');
  pdf = this.writer('application/pdf');

  raw(mime: string, data: string | Uint8Array): void {
    // From the second time on, a display with an id updates its output.
    displayOne(mime, data, this.id, this.shown);
    this.shown = this.id !== undefined;
  }

  private writer(mime: string): (data: string | Uint8Array) => void {
    return (data) => this.raw(mime, data);
  }
}

const display: Display = new TslabDisplay();
const newDisplay = (): Display => new TslabDisplay(newId());

/** @param versions of tslab, TypeScript and Node */
export const tslabApi = (given: typeof versions) => ({ display, newDisplay, versions: given });
