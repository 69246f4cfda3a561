/**
 * The few pages of the demo's identity provider, each in both languages at once. Everything variable is escaped;
 * style and script are allowed by their hashes.
 */
import { createHash } from 'node:crypto';

const style = `
:root{color-scheme:light dark}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:#eef2f5;color:#16242e;font:16px/1.5 system-ui,sans-serif}
main{box-sizing:border-box;width:min(26rem,calc(100vw - 2rem));padding:2rem;background:#fff;border:1px solid #d5dee5;border-radius:12px}
h1{margin:0 0 .25rem;font-size:1.35rem}
.note{margin:.25rem 0 1.25rem;color:#4b5f6d;font-size:.92rem}
label{display:block;margin:.9rem 0 .25rem;font-weight:600}
input{box-sizing:border-box;width:100%;padding:.6rem .7rem;border:1px solid #6d8292;border-radius:8px;font:inherit;background:#fff;color:#16242e}
button{margin-top:1.25rem;width:100%;padding:.7rem;border:0;border-radius:8px;background:#0b5a8a;color:#fff;font:inherit;font-weight:600;cursor:pointer}
input:focus-visible,button:focus-visible{outline:3px solid #f2a900;outline-offset:2px}
.fault{margin:0 0 1rem;padding:.6rem .8rem;border-left:4px solid #b3261e;background:#fdeceb;color:#5c120d}
code{background:#eef2f5;padding:.05rem .3rem;border-radius:4px;color:#16242e}
@media (prefers-color-scheme:dark){body{background:#10191f;color:#e7eef3}main{background:#18242c;border-color:#33454f}.note{color:#a9bac5}}
`;

const submitAtOnce = `document.getElementById('op.logoutForm').requestSubmit(document.getElementById('out'));`;

/** Content-Security-Policy of these pages. No `form-action`: the answer to the form leads back to the client. */
export const pagePolicy = [
  "default-src 'none'",
  `style-src '${hash(style)}'`,
  `script-src '${hash(submitAtOnce)}'`,
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** The sign-in form: fields `login` and `password`, posted to its own address. */
export function loginPage(page: { uid: string; logins: readonly string[]; unknown: boolean }): string {
  const fault = page.unknown ? '<p class="fault" role="alert">Unknown login. / Identifiant inconnu.</p>' : '';
  const names = page.logins.map((login) => `<code>${escaped(login)}</code>`).join(' ');
  return layout(
    'Sign in / Se connecter',
    `<p class="note">Evaluation: any password will do. / Évaluation : n’importe quel mot de passe convient.<br>${names}</p>
${fault}<form method="post" action="/interaction/${escaped(page.uid)}">
<label for="login">Login / Identifiant</label>
<input id="login" name="login" autocomplete="username" autocapitalize="none" required autofocus>
<label for="password">Password / Mot de passe</label>
<input id="password" name="password" type="password" autocomplete="current-password">
<button type="submit">Sign in / Se connecter</button>
</form>`,
  );
}

/** Confirms the sign-out by itself; without script one button does. `form` is the provider's own markup. */
export function logoutPage(form: string): string {
  return layout(
    'Signing out / Déconnexion',
    `${form}<button id="out" type="submit" form="op.logoutForm" name="logout" value="yes">Sign out / Se déconnecter</button>
<script>${submitAtOnce}</script>`,
  );
}

export function signedOutPage(): string {
  return layout('Signed out / Déconnecté', '<p>You are signed out. / Vous êtes déconnecté.</p>');
}

export function errorPage(code: string): string {
  return layout(
    'This did not work / Cela n’a pas fonctionné',
    `<p>Go back to the portal and start again. / Retournez au portail et recommencez.</p><p><code>${escaped(code)}</code></p>`,
  );
}

function layout(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${style}</style></head><body><main><h1>${title}</h1>${body}</main></body></html>`;
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
