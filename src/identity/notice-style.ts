/**
 * The style sheet of this room's few pages: the portal's colours, nothing else needed. Served from our own address,
 * because the content policy allows no style within a page.
 */
export const stylePath = '/sign-in/style.css';

export const style = `
:root{color-scheme:light dark;--ink:#1c2530;--quiet:#51606f;--paper:#f6f7f9;--card:#fff;--line:#cfd6de;--accent:#0f5c73;--accent-ink:#fff;--focus:#0a6ed1}
@media (prefers-color-scheme:dark){:root{--ink:#e8edf2;--quiet:#a9b6c3;--paper:#12181f;--card:#1b232c;--line:#37444f;--accent:#7cc7dc;--accent-ink:#0b1a20;--focus:#7db8ff}}
*{box-sizing:border-box}
html{font:100%/1.55 system-ui,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;color:var(--ink);background:var(--paper)}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1rem}
main{width:min(34rem,100%);background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.75rem}
.brand{margin:0 0 1rem;font-weight:600;color:var(--quiet)}
h1{margin:0 0 .75rem;font-size:clamp(1.3rem,1.1rem + 1vw,1.7rem);line-height:1.25;text-wrap:balance}
p{margin:0 0 .9rem}
pre{margin:0 0 1rem;padding:.8rem;border:1px solid var(--line);border-radius:8px;font:.9em/1.5 ui-monospace,'Cascadia Mono',Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere;user-select:all}
code{font-family:ui-monospace,'Cascadia Mono',Menlo,Consolas,monospace;font-size:.9em;overflow-wrap:anywhere;user-select:all}
.actions{list-style:none;margin:1.25rem 0 0;padding:0;display:flex;flex-wrap:wrap;gap:.6rem}
.button{display:inline-block;padding:.6rem 1rem;border-radius:8px;background:var(--accent);color:var(--accent-ink);font-weight:600;text-decoration:none}
.button:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
.code{margin:1.25rem 0 0;color:var(--quiet);font-size:.9rem}
`;
