// The table of contents marks the section in view.
const links = [...document.querySelectorAll<HTMLAnchorElement>('.contents a')];
const headings = links.map(({ hash }) => document.getElementById(decodeURIComponent(hash.slice(1))));
function markSection(): void {
  const isPassed = (heading: Element | null) =>
    heading !== null && heading.getBoundingClientRect().top < innerHeight / 3;
  const at = headings.findLastIndex(isPassed);
  for (const [i, link] of links.entries()) {
    if (i === at) link.setAttribute('aria-current', 'location');
    else link.removeAttribute('aria-current');
  }
}
if (links.length > 0) {
  document.addEventListener('scroll', markSection, { passive: true });
  markSection();
}
