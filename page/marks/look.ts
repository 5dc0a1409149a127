// Styles of marks, cards and lists of statements. Colours have a contrast of 4.5 : 1 on light and dark pages. Words and shapes show the
// verdicts without colour, too.

const light = {
  edge: '#7d868e',
  faint: '#5a636b',
  right: '#1a6e4f',
  if: '#855900',
  wrong: '#a63a24',
  failed: '#c0001c',
};
const dark = {
  edge: '#7f8991',
  faint: '#a3adb5',
  right: '#6fd0a4',
  if: '#e5b454',
  wrong: '#ff9d87',
  failed: '#ff8080',
};
const system = {
  edge: 'LinkText',
  faint: 'CanvasText',
  right: 'CanvasText',
  if: 'CanvasText',
  wrong: 'CanvasText',
  failed: 'CanvasText',
};

/** CSS variables for a set of colours. */
const tokens = (colours: Record<string, string>) =>
  Object.entries(colours)
    .map(([name, value]) => `--note-${name}: ${value};`)
    .join(' ');

const all = ':is(.gradlab-note-mark, .gradlab-card, .gradlab-about-the-note)';
const entries = ':is(.gradlab-card, .gradlab-about-the-note)';

// The target of a mark is 24 px; negative margins keep the line height. Its dot is a border, which forced colours preserve.
const sheet = `
  ${all} { ${tokens(light)} --note-page: var(--page, var(--jp-layout-color1, #fff)); --note-text: var(--text, var(--jp-content-font-color1, #1d2227)); --note-accent: var(--accent, var(--jp-content-link-color, #0b5fa5)); }
  body[data-jp-theme-light="false"] ${all} { ${tokens(dark)} }
  @media (forced-colors: active) { body ${all} { ${tokens(system)} --note-page: Canvas; --note-text: CanvasText; --note-accent: LinkText; } }

  a.gradlab-note-mark.gradlab-note-mark.gradlab-note-mark { position: relative; display: inline-block; box-sizing: border-box; width: 24px; height: 24px; margin: -12px -6px -12px -9px; overflow: hidden; vertical-align: 0.3em; line-height: 0; font-size: 1rem; color: transparent; text-decoration: none; cursor: pointer; border-radius: 50%; user-select: none; }
  .gradlab-note-mark::before { content: ""; position: absolute; left: 50%; top: 50%; translate: -50% -50%; border: 3.5px solid var(--note-edge); border-radius: 50%; }
  .gradlab-note-mark:is(:hover, [aria-expanded="true"])::before { border-color: var(--note-text); }
  .gradlab-note-mark[data-failed]::before { border: 5px solid var(--note-failed); border-radius: 1px; rotate: 45deg; }
  .gradlab-note-mark:focus-visible, ${entries} :focus-visible { outline: 2px solid var(--note-accent); outline-offset: -1px; }

  .gradlab-card { position: fixed; z-index: 10000; box-sizing: border-box; width: min(33rem, calc(100vw - 1rem)); overflow: auto; overscroll-behavior: contain; margin: 0; padding: 0.7rem 1.1rem 0.6rem; background: var(--note-page); color: var(--note-text); border: 1.5px solid var(--note-edge); border-radius: 0.6rem; box-shadow: 0 10px 30px rgb(0 0 0 / 18%); font-family: var(--jp-content-font-family, inherit); font-size: var(--jp-content-font-size1, 0.92rem); line-height: 1.5; overflow-wrap: break-word; }
  .gradlab-card:focus { outline: none; }
  .gradlab-card .gradlab-statement { margin: 0 !important; }
  .gradlab-card .gradlab-statement > p { padding-right: 1.6rem; }
  .gradlab-card .gradlab-card-close { position: absolute; top: 0.15rem; right: 0.25rem; width: 2rem; min-width: 0; height: 2rem; min-height: 0; padding: 0; border: 0; background: none; color: var(--note-faint); font-size: 1.25rem; line-height: 1; cursor: pointer; }
  .gradlab-card .gradlab-card-foot { margin: 0.4rem 0 0; }
  .gradlab-card .gradlab-card-foot a { display: inline-block; min-height: 24px; color: var(--note-accent); text-decoration: underline; }

  .gradlab-about-the-note { max-width: 46rem; color: var(--note-text); font-size: var(--jp-content-font-size1, 0.94rem); line-height: 1.5; }
  .gradlab-about-the-note > summary { width: fit-content; min-height: 24px; color: var(--note-faint); }
  .gradlab-about-the-note > summary:hover { color: inherit; }
  ${entries} p { max-width: none; font-size: inherit; line-height: inherit; }
  ${entries} small { color: var(--note-faint); font-size: 0.85em; }
  ${entries} dl { display: grid; grid-template-columns: 5.6rem minmax(0, 1fr); gap: 0.3rem 0.7rem; margin: 0; padding: 0; font-size: inherit; }
  ${entries} dt { margin: 0; padding: 0; float: none; width: auto; font-weight: 400; font-style: normal; color: var(--note-faint); }
  ${entries} dd { margin: 0; padding: 0; min-width: 0; }
  ${entries} dd ul { font-size: inherit; }
  ${entries} dd li { margin: 0; }
  .gradlab-passed { color: var(--note-right); }
  .gradlab-verdict { --c: var(--note-faint); display: inline-block; font-size: 0.85em; font-weight: 650; line-height: 1.4; padding: 0.05rem 0.55rem !important; border: 1.5px solid var(--c); border-radius: 0 !important; color: var(--c) !important; background: none !important; margin-right: 0.3em; }
  .gradlab-verdict-holds { --c: var(--note-right); border-radius: 1rem !important; color: var(--note-page) !important; background: var(--c) !important; }
  .gradlab-verdict-conditional { --c: var(--note-if); border-radius: 1rem 0 0 1rem !important; border-right-width: 5px; }
  .gradlab-verdict-wrong { --c: var(--note-wrong); border-left-width: 5px; }
  .gradlab-verdict-opinion { border-radius: 1rem !important; border-style: dotted; }
  .gradlab-verdict-failed { --c: var(--note-failed); color: var(--note-page) !important; background: var(--c) !important; }

  @media (width <= 560px) {
    .gradlab-card { inset: auto 0 0 0 !important; width: auto; max-height: 70vh !important; border-radius: 0.8rem 0.8rem 0 0; border-width: 1.5px 0 0; padding-bottom: 1rem; }
    ${entries} dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
    ${entries} dd + dt { margin-top: 0.4rem; }
  }
  @media print { .gradlab-card { display: none; } }`;

/** Adds the style sheet to the page, once. */
export function look(): void {
  const id = 'gradlab-note-look';
  if (document.getElementById(id)) return;
  document.head.append(Object.assign(document.createElement('style'), { id, textContent: sheet }));
}
