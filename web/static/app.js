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

  // names of provinces, districts and communes are offered while an address is typed; any other name may be written
  const offered = new Map();
  async function offer(input) {
    const stem = input.name.slice(0, input.name.lastIndexOf('.') + 1);
    const own = Number(input.dataset.unit);
    const parts = [...input.form.querySelectorAll('[data-unit]')].filter((one) =>
      one.name.slice(0, one.name.lastIndexOf('.') + 1) === stem && Number(one.dataset.unit) < own);
    const above = parts.sort((a, b) => a.dataset.unit - b.dataset.unit).map((one) => ['trong', one.value]);
    const address = `/danh-muc/don-vi?${new URLSearchParams(above)}`;
    if (!offered.has(address)) {
      offered.set(address, fetch(address).then((answer) => (answer.ok ? answer.json() : [])).catch(() => []));
    }
    const names = await offered.get(address);
    const id = `${input.id}-units`;
    let list = document.getElementById(id);
    if (!list) {
      list = document.createElement('datalist');
      list.id = id;
      input.after(list);
      input.setAttribute('list', id);
    }
    list.replaceChildren(...names.map((name) => Object.assign(document.createElement('option'), { value: name })));
  }
  document.addEventListener('focusin', (event) => {
    if (event.target.matches('input[data-unit]')) offer(event.target);
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
  const current = () => document.querySelector('[data-list] tr.is-at'); // a row, not a number: lists change while they are open
  function move(step) {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(current());
    const next = all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + step))];
    all.forEach((row) => row.classList.toggle('is-at', row === next));
    next.querySelector('[data-open]')?.focus();
  }
  const keys = {
    '/': () => (document.querySelector('[data-find]') ?? document.querySelector('[data-search]'))?.focus(),
    j: () => move(1),
    k: () => move(-1),
    o: () => current()?.querySelector('[data-open]')?.click(),
    c: () => (current() ?? document).querySelector('form[data-claim] button, button[data-claim]')?.click(),
    x: () => current()?.querySelector('.tick input')?.click(),
    n: () => document.querySelector('button[data-next]')?.click(),
    '?': () => document.querySelector('[data-keys-help]')?.showModal(),
  };
  document.addEventListener('keydown', (event) => {
    if (event.isComposing) return; // Vietnamese input methods compose with the same keys
    if (event.ctrlKey && event.key === 'Enter') { document.querySelector('[data-complete]')?.click(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target) && !event.target.matches('.tick input')) return;
    if (!document.documentElement.classList.contains('desk')) return;
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });
})();
