/**
 * Small comforts on every page: carries the fragment of the wanted address through sign-in, the declaration form and the page
 * that leads on, counts down what ends, moves to the list of errors, copies a text. Every page works without it.
 */
// Kept for this tab only, under the name of what the person wanted, while they are at their identity provider.
const wanted = new URLSearchParams(location.search).get('f');
const kept = `fragment ${wanted}`;
if (wanted !== null && location.hash.length > 1) sessionStorage.setItem(kept, location.hash.slice(1));
for (const field of document.querySelectorAll('input[name="fragment"]')) {
  if (field.value === '' && wanted !== null) field.value = sessionStorage.getItem(kept) ?? '';
}

// Nothing but the browser knows the fragment of an address that led here by redirects alone.
const onward = document.querySelector('a[data-go]');
if (onward !== null) {
  if (onward.hash === '') onward.hash = location.hash;
  location.replace(onward.href);
}

document.getElementById('errors')?.focus();

const offset = new Map();
for (const span of document.querySelectorAll('[data-until]')) {
  offset.set(span, Date.parse(span.dataset.now) - Date.now());
}
if (offset.size > 0) {
  const french = document.documentElement.lang === 'fr';
  setInterval(() => {
    for (const [span, ahead] of offset) {
      const left = Date.parse(span.dataset.until) - Date.now() - ahead;
      if (left <= 0) location.reload();
      const minutes = Math.floor(left / 60000);
      const seconds = Math.floor(left / 1000) % 60;
      const words =
        minutes >= 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes} min ${seconds} s`;
      span.textContent = french ? `encore ${words}` : `${words} left`;
    }
  }, 1000);
}

for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = button.dataset.copied;
  });
}
