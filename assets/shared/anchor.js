// Parts of a page that appear after it was loaded: the browser has looked for the address's # before.

export function showAnchor(id) {
  if (window.location.hash === `#${id}`) document.getElementById(id)?.scrollIntoView();
}
