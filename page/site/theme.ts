// Light or dark: the system's choice, until the reader chooses. Loaded before the page shows, so that it does not
// flash.
(() => {
  const key = 'gradlab:theme';
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  root.classList.add('js');

  // Without storage, the choice lasts as long as the page.
  let chosen: string | null = null;
  try {
    chosen = localStorage.getItem(key);
  } catch {}

  const isDark = () => (chosen ?? (system.matches ? 'dark' : 'light')) === 'dark';

  function apply(): void {
    if (chosen) root.dataset.theme = chosen;
    else delete root.dataset.theme;
    if (!document.body) return;
    // What the renderer of figures follows, as in JupyterLab.
    Object.assign(document.body.dataset, { jpThemeLight: String(!isDark()), jpThemeName: isDark() ? 'dark' : 'light' });
    const button = document.getElementById('theme')!;
    button.hidden = false;
    button.textContent = isDark() ? '☀' : '☾';
    button.title = isDark() ? 'Light colours' : 'Dark colours';
    button.setAttribute('aria-label', button.title);
  }

  function turn(): void {
    const wanted = isDark() ? 'light' : 'dark';
    const bySystem = system.matches ? 'dark' : 'light';
    chosen = wanted === bySystem ? null : wanted;
    try {
      if (chosen) localStorage.setItem(key, chosen);
      else localStorage.removeItem(key);
    } catch {}
    apply();
  }

  apply();
  system.addEventListener('change', apply);
  document.addEventListener('DOMContentLoaded', () => {
    document.getElementById('theme')!.addEventListener('click', turn);
    apply();
  });
})();
