/**
 * The static files of the sample systems: one style sheet, the scripts of the live view and of the shell, one icon.
 * Served with a validator and an age, as a usual application does, so that caching can be seen at work.
 */
import { createHash } from 'node:crypto';
import type { Call, Handle } from './server.ts';

const STYLE = `
:root { --ink: #1d2733; --soft: #5b6b7c; --line: #d9e0e7; --paper: #fff; --back: #f4f6f8; --brand: #23527c; }
* { box-sizing: border-box }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--back) }
header { background: var(--brand); color: #fff; padding: .6rem 1.2rem; display: flex; gap: 1.5rem; align-items: center; flex-wrap: wrap }
header strong { display: flex; gap: .5rem; align-items: center }
header img { width: 1.6rem; height: 1.6rem }
header nav { display: flex; gap: 1rem; flex-wrap: wrap }
header a { color: #fff; text-decoration: none; border-bottom: 2px solid transparent }
header a:hover, header a:focus { border-color: #fff }
main { max-width: 62rem; margin: 1.2rem auto; padding: 0 1.2rem; overflow-x: auto }
h1 { font-size: 1.5rem; margin: .2rem 0 1rem }
h2 { font-size: 1.1rem; margin: 1.4rem 0 .4rem }
table { width: 100%; border-collapse: collapse; background: var(--paper); border: 1px solid var(--line) }
th, td { text-align: left; padding: .45rem .7rem; border-bottom: 1px solid var(--line) }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .8rem; padding: 0; list-style: none }
.cards li { background: var(--paper); border: 1px solid var(--line); border-radius: .4rem; padding: .8rem 1rem }
.cards p { margin: .2rem 0 0; color: var(--soft); font-size: .92rem }
form.sheet { background: var(--paper); border: 1px solid var(--line); border-radius: .4rem; padding: 1rem; display: grid; gap: .7rem; max-width: 34rem }
label { display: grid; gap: .2rem; font-weight: 600 }
input, textarea { font: inherit; padding: .4rem .5rem; border: 1px solid #9aa8b6; border-radius: .25rem }
button { font: inherit; padding: .45rem 1rem; border: 0; border-radius: .25rem; background: var(--brand); color: #fff; cursor: pointer; justify-self: start }
.done { background: #e3f3e6; border: 1px solid #9bcfa5; padding: .5rem .8rem; border-radius: .25rem }
.feeds { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: 1rem }
.feeds ol { background: var(--paper); border: 1px solid var(--line); height: 16rem; overflow: auto; padding: .5rem .5rem .5rem 2.4rem; margin: 0; font-size: .92rem }
pre.screen { background: #101820; color: #d7e3ee; height: 22rem; overflow: auto; padding: .8rem; white-space: pre-wrap }
.state { color: var(--soft) }
footer { color: var(--soft); font-size: .85rem; max-width: 62rem; margin: 2rem auto; padding: 0 1.2rem }
`;

const LIVE = `'use strict';
const words = document.getElementById('feeds').dataset;
function show(list, text) {
  const line = document.createElement('li');
  line.textContent = new Date().toLocaleTimeString() + '  ' + text;
  list.append(line);
  while (list.children.length > 50) list.firstChild.remove();
  list.scrollTop = list.scrollHeight;
}
function state(id, open) {
  document.getElementById(id).textContent = open ? words.open : words.closed;
}
const socketList = document.getElementById('socket');
const socket = new WebSocket((location.protocol === 'https:' ? 'wss://' : 'ws://') + location.host + '/ws');
socket.onopen = () => state('socket-state', true);
socket.onclose = () => state('socket-state', false);
socket.onmessage = (event) => {
  const message = JSON.parse(event.data);
  show(socketList, message.kind === 'echo' ? '\\u21a9 ' + message.text : message.text);
};
const eventList = document.getElementById('events');
const events = new EventSource('/events');
events.onopen = () => state('events-state', true);
events.onerror = () => state('events-state', false);
events.onmessage = (event) => show(eventList, JSON.parse(event.data).text);
document.getElementById('say').addEventListener('submit', (event) => {
  event.preventDefault();
  const field = event.target.elements.text;
  if (socket.readyState === WebSocket.OPEN && field.value) socket.send(field.value);
  field.value = '';
});
`;

const SHELL = `'use strict';
const screen = document.getElementById('screen');
const socket = new WebSocket((location.protocol === 'https:' ? 'wss://' : 'ws://') + location.host + '/shell/ws');
function show(text) {
  screen.textContent += text;
  screen.scrollTop = screen.scrollHeight;
}
socket.onmessage = (event) => show(event.data);
socket.onclose = () => show('\\n' + screen.dataset.closed + '\\n');
document.getElementById('line').addEventListener('submit', (event) => {
  event.preventDefault();
  const field = event.target.elements.text;
  if (socket.readyState === WebSocket.OPEN) socket.send(field.value);
  field.value = '';
});
`;

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#f0b429"/><path d="M8 22V10h16v4H12v2h9v4h-9v2z" fill="#23527c"/></svg>
`;

interface Asset {
  readonly type: string;
  readonly body: Buffer;
  readonly etag: string;
}

function asset(type: string, text: string): Asset {
  const body = Buffer.from(text);
  return { type, body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 16)}"` };
}

const ASSETS: ReadonlyMap<string, Asset> = new Map([
  ['style.css', asset('text/css; charset=utf-8', STYLE)],
  ['live.js', asset('text/javascript; charset=utf-8', LIVE)],
  ['shell.js', asset('text/javascript; charset=utf-8', SHELL)],
  ['icon.svg', asset('image/svg+xml', ICON)],
]);

/** Answers `/static/**`; unknown names go to `notFound`. */
export function serveAssets(notFound: Handle): Handle {
  return (call: Call) => {
    const found = ASSETS.get(call.params.rest ?? '');
    if (!found) return notFound(call);
    const headers = { etag: found.etag, 'cache-control': 'public, max-age=3600' };
    if (call.req.headers['if-none-match'] === found.etag) {
      call.res.writeHead(304, headers).end();
      return;
    }
    call.res.writeHead(200, { ...headers, 'content-type': found.type, 'content-length': found.body.length });
    call.res.end(found.body);
  };
}
