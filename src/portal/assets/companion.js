/**
 * Beside a running access: ten, five and one minute before its end it says so, aloud and in the title of the page, so that it
 * is seen from another tab. Before it does, it looks whether the access was lengthened elsewhere meanwhile.
 */
const soon = document.getElementById('soon');
const left = document.querySelector('[data-until]');
const title = document.title;
const minute = 60_000;

function until() {
  return Date.parse(left.dataset.until);
}

/** The end as the portal knows it now; what is on the page when it cannot be asked. */
async function lookAgain() {
  try {
    const answer = await fetch(location.pathname, { headers: { accept: 'text/html' }, redirect: 'error' });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    return page.querySelector('[data-until]')?.dataset.until ?? left.dataset.until;
  } catch {
    return left.dataset.until;
  }
}

function say(minutes) {
  const notice = document.createElement('p');
  notice.className = 'notice bad';
  notice.textContent = soon.getAttribute(`data-at-${minutes}`);
  soon.replaceChildren(notice);
}

if (soon !== null && left !== null) {
  const ahead = Date.parse(left.dataset.now) - Date.now();
  const remaining = () => until() - Date.now() - ahead;
  for (const minutes of [10, 5, 1]) {
    const wait = remaining() - minutes * minute;
    if (wait <= 0) continue;
    setTimeout(async () => {
      if ((await lookAgain()) !== left.dataset.until) return location.reload();
      say(minutes);
    }, wait);
  }
  setInterval(() => {
    const minutes = Math.ceil(remaining() / minute);
    document.title = minutes <= 10 && minutes > 0 ? `${minutes} min – ${title}` : title;
  }, 1_000);
}
