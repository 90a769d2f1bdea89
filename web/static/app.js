// Makes the pages quicker; every page works without it.
(() => {
  'use strict';
  const typing = (target) => target.closest('input, textarea, select, [contenteditable]') !== null;

  // the error summary, or what a conflict says, is where reading begins
  document.querySelector('[data-focus]')?.focus();

  // an answer that other questions depend on: press the update button, which htmx sends in the background
  document.addEventListener('change', (event) => {
    if (event.target.matches('[data-live]')) event.target.closest('form')?.querySelector('[data-update]')?.click();
    const form = event.target.closest('form[data-warn]');
    if (form) form.dataset.changed = 'yes';
  });

  // one click sends once: the buttons go quiet while the answer is on its way
  document.addEventListener('submit', (event) => {
    const form = event.target;
    delete form.dataset.changed;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = 'yes';
    setTimeout(() => { delete form.dataset.sent; }, 8000);
  });
  window.addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
  });
  window.addEventListener('beforeunload', (event) => {
    if (document.querySelector('form[data-changed]')) event.preventDefault();
  });

  const rows = () => [...document.querySelectorAll('[data-list] tbody tr')];
  let at = -1;
  function move(step) {
    const all = rows();
    if (!all.length) return;
    at = Math.max(0, Math.min(all.length - 1, at + step));
    all.forEach((row, index) => row.classList.toggle('is-at', index === at));
    all[at].querySelector('[data-open]')?.focus();
  }
  const keys = {
    '/': () => document.querySelector('[data-search]')?.focus(),
    j: () => move(1),
    k: () => move(-1),
    o: () => rows()[at]?.querySelector('[data-open]')?.click(),
    c: () => (rows()[at] ?? document).querySelector('form[data-claim] button')?.click(),
    '?': () => document.querySelector('[data-keys-help]')?.showModal(),
  };
  document.addEventListener('keydown', (event) => {
    if (event.isComposing) return; // Vietnamese input methods compose with the same keys
    if (event.ctrlKey && event.key === 'Enter') { document.querySelector('[data-complete]')?.click(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (!document.documentElement.classList.contains('desk')) return;
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });
})();
