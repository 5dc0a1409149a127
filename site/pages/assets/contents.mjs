// The table of contents marks the section in view.
const links = [...document.querySelectorAll('.contents a')];
const headings = links.map(({ hash }) => document.getElementById(decodeURIComponent(hash.slice(1))));
function markSection() {
  const at = headings.findLastIndex((heading) => heading?.getBoundingClientRect().top < innerHeight / 3);
  for (const [i, link] of links.entries()) {
    if (i === at) link.setAttribute('aria-current', 'location');
    else link.removeAttribute('aria-current');
  }
}
if (links.length > 0) {
  document.addEventListener('scroll', markSection, { passive: true });
  markSection();
}
