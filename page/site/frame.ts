// What every page has beside the search: places that scroll, and the button in its foot.
import './offline';

// What is wider than its place scrolls by itself: then, and only then, it is a stop of the keyboard, whose arrows scroll it.
function follow(node: HTMLElement): void {
  if (node.scrollWidth > node.clientWidth + 1) node.tabIndex = 0;
  else node.removeAttribute('tabindex');
}

// The width of a page may change; what folds open gets one.
const watching = new ResizeObserver((entries) => {
  for (const { target } of entries) follow(target as HTMLElement);
});
for (const node of document.querySelectorAll('pre, .wide:not([role]), .op, .katex-display')) watching.observe(node);
