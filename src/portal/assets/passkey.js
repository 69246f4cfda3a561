/**
 * Passkey ceremonies: asks the server for options, lets the browser make or use a passkey, sends the answer. The
 * server checks everything again; a page that changed here could at most fail to sign.
 */
/** Pages of one client among several carry it in their addresses. */
const base = document.documentElement.dataset.base ?? '';

async function post(path, body, token) {
  const answer = await fetch(base + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', 'x-csrf-token': token },
    body: JSON.stringify(body),
  });
  const data = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error(data.detail ?? String(answer.status)), { title: data.title });
  return data;
}

/** What went wrong, and what to do next. */
function tell(message, title, next) {
  const words = document.createElement('strong');
  words.textContent = title;
  message.replaceChildren(...(title ? [words, document.createElement('br'), next] : [next]));
  message.hidden = false;
}

async function create(ask, give, token) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(await post(ask, {}, token));
  const credential = await navigator.credentials.create({ publicKey });
  return post(give, { credential: credential.toJSON() }, token);
}

async function sign(path, form, token) {
  const asked = { textHash: form.elements.textHash.value };
  const options = await post(`${path}/options`, asked, token);
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const credential = await navigator.credentials.get({ publicKey });
  return post(path, { ...asked, credential: credential.toJSON() }, token);
}

const ceremonies = {
  async sign(form, token) {
    return sign(form.dataset.to, form, token);
  },
  async seat(_form, token) {
    return create('/seat/options', '/seat', token);
  },
  async enrol(_form, token) {
    return create('/enrol/options', '/enrol/passkey', token);
  },
  async recover(_form, token) {
    return create('/recover/options', '/recover/passkey', token);
  },
  async enter(form) {
    const { options, csrf } = await post('/sign-in/passkey/options', {}, '');
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    const credential = await navigator.credentials.get({ publicKey });
    const answer = { return: form.elements.return.value, credential: credential.toJSON() };
    return post('/sign-in/passkey', answer, csrf);
  },
};

/** Codes are in this answer only: the page waits until its reader has noted them. */
function show(codes, next, form) {
  const panel = document.querySelector('[data-codes]');
  const items = codes.map((code) => {
    const item = document.createElement('li');
    item.append(Object.assign(document.createElement('code'), { textContent: code }));
    return item;
  });
  panel.querySelector('[data-code-list]').replaceChildren(...items);
  panel.querySelector('[data-onward]').href = next;
  form.hidden = true;
  panel.hidden = false;
  panel.focus();
}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  const button = form.querySelector('button');
  const message = form.querySelector('[data-message]');
  const able = typeof PublicKeyCredential?.parseCreationOptionsFromJSON === 'function';
  button.disabled = !able;
  if (able) form.querySelector('[data-needs-script]')?.remove();
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    button.disabled = true;
    message.hidden = true;
    try {
      const { next, codes = [] } = await ceremonies[form.dataset.passkey](form, form.elements.csrf.value);
      if (codes.length > 0) show(codes, next, form);
      else location.assign(next);
    } catch (error) {
      tell(message, error.title, error.name === 'NotAllowedError' ? form.dataset.cancelled : error.message);
      button.disabled = false;
    }
  });
}
