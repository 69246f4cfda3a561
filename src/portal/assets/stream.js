/**
 * Keeps a piece of a page as it is at the server, by a stream of events. Says when it is live, paused or cut. Lets go while
 * the page is hidden and after 20 minutes without a hand on it, so that a forgotten window does not keep a session alive.
 */
const pane = document.querySelector('[data-stream]');
const patience = 20 * 60 * 1000;
/** A stream says something every 15 s; one that has been silent for longer is dead. */
const silence = 40 * 1000;
const longestWait = 30 * 1000;
let touched = Date.now();
let failures = 0;
let running;
let timer;

function show(state) {
  for (const name of ['on', 'paused', 'cut']) {
    const said = document.querySelector(`[data-live-${name}]`);
    if (said !== null && said.hidden !== (name !== state)) said.hidden = name !== state;
  }
}

function replace(html) {
  const fresh = new DOMParser().parseFromString(html, 'text/html').body.innerHTML;
  if (fresh === pane.dataset.seen) return;
  pane.dataset.seen = fresh;
  const focused = pane.contains(document.activeElement) ? document.activeElement.id : '';
  pane.innerHTML = fresh;
  if (focused !== '') document.getElementById(focused)?.focus();
}

/** Takes one event; answers why the stream ends, if it says so. */
function take(block) {
  const lines = block.split('\n');
  const of = (name) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
  if (of('event') === 'end') return JSON.parse(of('data'));
  if (of('event') === 'piece') replace(JSON.parse(of('data')));
  show('on');
  failures = 0;
  return undefined;
}

/** Reads one stream to its end: `again`, `gone` (the sign-in), `moved` (somebody else's page now), `over` (another page's) or `cut`. */
async function read(aborter) {
  const headers = { accept: 'text/event-stream' };
  const answer = await fetch(pane.dataset.stream, { headers, redirect: 'error', signal: aborter.signal });
  if (answer.status === 401) return 'gone';
  if (answer.status === 403) return 'moved';
  if (answer.status === 404) return 'over';
  if (!answer.ok) return 'cut';
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const dead = setTimeout(() => aborter.abort(), silence);
    const { done, value } = await reader.read().finally(() => clearTimeout(dead));
    if (done) return 'cut';
    text += value;
    for (let at = text.indexOf('\n\n'); at >= 0; at = text.indexOf('\n\n')) {
      const end = take(text.slice(0, at));
      text = text.slice(at + 2);
      if (end !== undefined) return end;
    }
  }
}

async function run() {
  clearTimeout(timer);
  if (running !== undefined || document.hidden) return;
  if (Date.now() - touched > patience) return show('paused');
  const mine = new AbortController();
  running = mine;
  const end = await read(mine).catch(() => 'cut');
  mine.abort();
  if (running === mine) running = undefined;
  if (document.hidden) return;
  // Whoever signs out is not to be signed in again by a page that asks for itself while the sign-in service still knows them.
  if (end === 'gone') return location.replace('/signed-out');
  if (end === 'moved') return location.reload();
  if (end === 'over') return show('cut');
  if (end === 'cut') show('cut');
  failures += end === 'again' ? 0 : 1;
  const wait = Math.min(longestWait, 500 * 2 ** failures) * (0.5 + Math.random() / 2);
  timer = setTimeout(run, end === 'again' ? 0 : wait);
}

function touch() {
  touched = Date.now();
  const paused = document.querySelector('[data-live-paused]');
  if (paused !== null && !paused.hidden) void run();
}

if (pane !== null) {
  for (const event of ['pointerdown', 'keydown', 'focus']) window.addEventListener(event, touch);
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) running?.abort();
    else void run();
  });
  void run();
}
