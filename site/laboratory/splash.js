// In the laboratory's page: what shows while it loads. index.mjs inserts it.
(() => {
  const splash = document.getElementById('gradlab-splash');
  const bar = splash.querySelector('progress');
  /** Bytes that a first visit loads until the notebook shows; a test compares it. */
  const expected = EXPECTED_BYTES;
  /** Milliseconds after which the page is left to itself, whatever is missing. */
  const longest = 60_000;
  const began = performance.now();
  try {
    const theme = localStorage.getItem('gradlab:theme');
    if (theme !== null) splash.dataset.theme = theme;
  } catch {
    // forbidden: the system's colours
  }

  const loaded = () => performance.getEntriesByType('resource').reduce((sum, one) => sum + one.decodedBodySize, 0);
  /** What a reader can work with, or must answer: a notebook, another document, the launcher, a dialog, a message that something failed. */
  const isThere = () =>
    document.querySelector(
      '.jp-Notebook .jp-Cell, .jp-Document:not(.jp-NotebookPanel), .jp-Launcher, .jp-Dialog, #gradlab-download',
    ) !== null;

  performance.setResourceTimingBufferSize(2000);
  const show = (percent) => {
    bar.value = Math.max(bar.value, percent);
    splash.querySelector('span').textContent = `${bar.value} %`;
  };
  const look = () => {
    if (isThere() || performance.now() - began > longest) {
      show(100);
      splash.classList.add('done');
      setTimeout(() => splash.remove(), 250);
      return;
    }
    show(Math.min(99, Math.round((100 * loaded()) / expected)));
    setTimeout(look, 100);
  };
  look();
})();
