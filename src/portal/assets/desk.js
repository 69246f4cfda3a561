/**
 * Finds while somebody types: fetches the same page with what is written so far and takes its results. Enter follows the
 * first of them, the arrows go through them, and a pasted link that leads to one system is followed at once. Without this
 * the form does the same in one step more.
 */
const form = document.querySelector('[data-desk]');
const input = form?.querySelector('input[type=search]');
const found = document.getElementById('found');
const pause = 120;
/** What the results on the page are for. */
let shown = input?.value.trim();
let latest = Promise.resolve();

async function look(wanted) {
  if (wanted === shown) return;
  const query = new URLSearchParams({ q: wanted });
  const answer = await fetch(`/?${query}`, { headers: { accept: 'text/html' }, redirect: 'error' });
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  if (input.value.trim() !== wanted) return;
  found.replaceChildren(...(page.getElementById('found')?.childNodes ?? []));
  shown = wanted;
}

function hits() {
  return [...document.querySelectorAll('#found a.hit')];
}

function follow(link) {
  if (link === undefined) return;
  location.assign(link.href);
}

let waiting;
function lookSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    latest = look(input.value.trim()).catch(() => undefined);
  }, pause);
}

/** The first of the results for what is written now; where they cannot be had, the form is sent. */
async function enter() {
  clearTimeout(waiting);
  const wanted = input.value.trim();
  if (wanted === '') return;
  await latest;
  await look(wanted).catch(() => undefined);
  if (shown !== wanted) return form.submit();
  follow(hits()[0]);
}

async function pasted() {
  const wanted = input.value.trim();
  if (!/^https?:\/\//i.test(wanted)) return;
  clearTimeout(waiting);
  await look(wanted).catch(() => undefined);
  const links = hits();
  if (shown === wanted && links.length === 1) follow(links[0]);
}

function move(by) {
  const stops = [input, ...hits()];
  const at = stops.indexOf(document.activeElement);
  if (at >= 0) stops[Math.min(Math.max(at + by, 0), stops.length - 1)].focus();
}

if (form !== null) {
  input.addEventListener('input', lookSoon);
  input.addEventListener('paste', () => setTimeout(pasted));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void enter();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    if (event.target !== input && !found.contains(event.target)) return;
    event.preventDefault();
    move(event.key === 'ArrowDown' ? 1 : -1);
  });
}
