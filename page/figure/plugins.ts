// JupyterLab's plugins for figures and questions.
import { loadModule } from '../download/modules';
import type { OutputModel } from '../jupyterlab';
import type { Lesson, Question } from '../questions/lesson';
import { shared } from '../shared';
import { extensionName, figureClass, mimeType, takeLeft, type WidgetClass } from './figure';

export { extensionName };

const lessonMime = 'application/vnd.gradlab.lesson+json';

interface Typesetter {
  typeset(node: HTMLElement): void;
}

export async function mimeExtension(): Promise<() => object> {
  const { Widget } = await shared<{ Widget: WidgetClass }>('@lumino/widgets');
  const PlotlyFigure = figureClass(Widget);
  const plugin = {
    id: `${extensionName}:plugin`,
    description: 'Shows plotly figures',
    dataType: 'json',
    rank: 0,
    rendererFactory: {
      safe: true, // figures are data, not code: shown in notebooks that are not trusted, too
      mimeTypes: [mimeType],
      defaultRank: 0,
      createRenderer: () => new PlotlyFigure(takeLeft()),
    },
    fileTypes: [
      {
        name: 'plotly',
        displayName: 'Plotly figure',
        mimeTypes: [mimeType],
        extensions: ['.plotly', '.plotly.json'],
      },
    ],
    documentWidgetFactoryOptions: {
      name: 'Plotly',
      primaryFileType: 'plotly',
      fileTypes: ['plotly', 'json'],
      defaultFor: ['plotly'],
    },
  };
  /** A question is text, of which lesson.ts makes nodes: it is never read as HTML. */
  class Asked extends Widget {
    question: Question | undefined;

    constructor(private readonly typesetter: Typesetter | null | undefined) {
      super({});
    }

    async renderModel({ data }: OutputModel): Promise<void> {
      const { Question, withMarks } = await loadModule('lesson.js');
      const typeset = (node: HTMLElement) => this.typesetter?.typeset(node);
      this.question = new Question(this.node, data[lessonMime] as Lesson, { rich: withMarks, typeset });
    }
  }
  const questions = {
    id: `${extensionName}:questions`,
    description: 'Asks questions whose answers move figures',
    dataType: 'json',
    rank: 0,
    rendererFactory: {
      safe: true,
      mimeTypes: [lessonMime],
      defaultRank: 0,
      createRenderer: ({ latexTypesetter }: { latexTypesetter?: Typesetter | null }) => new Asked(latexTypesetter),
    },
  };
  return () => ({ __esModule: true, default: [plugin, questions] });
}
