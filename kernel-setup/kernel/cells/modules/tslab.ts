// What `import * as tslab from "tslab"` gives in a cell: tslab's interface on our channel. Its own module would load a
// second compiler, for the sake of a version.
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
    // A display with an id replaces its own output from the second time on.
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
