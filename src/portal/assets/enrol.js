/**
 * The invitation's secret: out of the address, where it would be seen over one's shoulder, into the form. This tab keeps
 * it, because whoever signs in elsewhere first comes back without it.
 */
const kept = 'consentry-invitation';
const form = document.querySelector('form[action="/enrol"]');
const field = form.querySelector('[data-link]');
if (location.hash.length > 1) {
  sessionStorage.setItem(kept, location.hash.slice(1));
  history.replaceState(null, '', location.pathname + location.search);
}
if (field.value === '') field.value = sessionStorage.getItem(kept) ?? '';
form.querySelector('[data-no-link]').hidden = field.value !== '';
