/**
 * Refreshes a piece of a page every second by fetching the same piece again. Pauses while the page is hidden and
 * after 20 minutes without a hand on it, so that a forgotten window does not keep a session alive.
 */
const pane = document.querySelector('[data-live]');
const on = document.querySelector('[data-live-on]');
const paused = document.querySelector('[data-live-paused]');
const patience = 20 * 60 * 1000;
let touched = Date.now();
let failures = 0;

for (const event of ['pointerdown', 'keydown', 'focus']) {
  window.addEventListener(event, () => {
    touched = Date.now();
  });
}

function replace(html) {
  const fresh = new DOMParser().parseFromString(html, 'text/html').body.innerHTML;
  if (fresh === pane.dataset.seen) return;
  pane.dataset.seen = fresh;
  const focused = pane.contains(document.activeElement) ? document.activeElement.id : '';
  pane.innerHTML = fresh;
  if (focused !== '') document.getElementById(focused)?.focus();
}

async function refresh() {
  if (document.hidden) return true;
  if (Date.now() - touched > patience) return false;
  try {
    const answer = await fetch(pane.dataset.live, { headers: { accept: 'text/html' }, redirect: 'error' });
    if (answer.status === 401 || answer.status === 403) {
      location.reload();
      return false;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    replace(await answer.text());
    failures = 0;
  } catch {
    failures += 1;
  }
  return failures < 30;
}

async function run() {
  const more = await refresh();
  on.hidden = !more;
  paused.hidden = more;
  if (more) setTimeout(run, 1000);
}

if (pane !== null) setTimeout(run, 1000);
