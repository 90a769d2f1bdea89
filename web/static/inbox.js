// Keeps numbers and rows of an open desk page fresh; what somebody has under hand stays where it is. Works without it.
(() => {
  'use strict';
  const EVERY = 4000, LATER = 20000;
  const rail = document.querySelector('[data-rail]'), list = document.querySelector('[data-fresh]');
  if (!rail) return;
  const vi = document.documentElement.lang !== 'en';
  let version = list?.dataset.version ?? '', failed = 0, ended = false;

  function numbers(from) {
    for (const one of from.querySelectorAll('[data-numbers] [data-number]')) {
      for (const shown of document.querySelectorAll(`.count[data-number="${CSS.escape(one.dataset.number)}"]`)) {
        if (shown.textContent !== one.textContent) shown.textContent = one.textContent;
      }
    }
  }

  // a row that reads the same is left alone; one that changed keeps its tick, its place under the keys and the focus
  const plain = (row) => row.outerHTML.replace(' is-at', '').replace('class="is-at"', '').replace(/\s+/g, ' ');
  function keep(old, row) {
    const ticked = old.querySelector('.tick input')?.checked, box = row.querySelector('.tick input');
    if (box && ticked) box.checked = true;
    row.classList.toggle('is-at', old.classList.contains('is-at'));
    if (!old.contains(document.activeElement)) return null;
    const all = (one) => [...one.querySelectorAll('a, button, input')];
    return all(row)[all(old).indexOf(document.activeElement)] ?? row.querySelector('[data-open]');
  }
  function rows(part) {
    const here = list.querySelector('tbody'), there = part.querySelector('tbody');
    if (!here || !there || list.querySelector('thead').textContent !== part.querySelector('thead').textContent) {
      if (!list.contains(document.activeElement)) list.replaceChildren(...part.childNodes);
      return;
    }
    const known = new Map([...here.rows].map((row) => [row.dataset.row, row]));
    let focus = null, place = here.firstElementChild;
    const held = here.contains(document.activeElement) ? document.activeElement.closest('tr') : null;
    for (const row of [...there.rows]) {
      const old = known.get(row.dataset.row);
      known.delete(row.dataset.row);
      if (old && plain(old) === plain(row)) {
        if (old === place) place = old.nextElementSibling;
        else if (old === held) place = old.nextElementSibling; // moving it would take the focus away
        else here.insertBefore(old, place);
        continue;
      }
      if (old) {
        focus = keep(old, row) ?? focus;
        if (old === place) place = old.nextElementSibling;
        old.replaceWith(row);
        if (row.nextElementSibling !== place) here.insertBefore(row, place);
      } else {
        here.insertBefore(row, place);
      }
    }
    for (const gone of known.values()) {
      const next = gone.nextElementSibling ?? gone.previousElementSibling;
      if (gone.contains(document.activeElement)) focus = next?.querySelector('[data-open]') ?? focus;
      if (gone.classList.contains('is-at')) next?.classList.add('is-at');
      gone.remove();
    }
    list.querySelector('.more')?.remove();
    const more = part.querySelector('.more');
    if (more) list.append(more);
    focus?.focus({ preventScroll: true });
  }

  function over() {
    ended = true;
    const word = Object.assign(document.createElement('p'), { className: 'notice warning' });
    word.setAttribute('role', 'alert');
    const link = Object.assign(document.createElement('a'), {
      href: `/dang-nhap?next=${encodeURIComponent(location.pathname + location.search)}`,
      target: '_blank',
      textContent: vi ? 'Đăng nhập lại ở thẻ mới' : 'Sign in again in a new tab',
    });
    word.append(vi ? 'Phiên làm việc đã hết; trang này không còn tự cập nhật. Nội dung đang nhập vẫn còn. ' : 'Your session has ended; this page no longer updates itself. What you typed is still here. ', link);
    document.getElementById('main').prepend(word);
  }

  async function look() {
    const address = new URL((list?.dataset.fresh) ?? rail.dataset.rail, location.href);
    address.searchParams.set('v', version);
    const answer = await fetch(address, { redirect: 'manual' });
    if (answer.type === 'opaqueredirect' || answer.status === 401) { over(); return; }
    if (!answer.ok) throw new Error(answer.status);
    failed = 0;
    const text = answer.status === 204 ? '' : await answer.text();
    version = answer.headers.get('X-Version') ?? version;
    if (!text) return;
    const found = new DOMParser().parseFromString(text, 'text/html');
    numbers(found);
    const part = found.querySelector('[data-part]');
    if (list && part) rows(part);
  }
  async function again() {
    if (document.visibilityState === 'visible') {
      try { await look(); } catch { failed += 1; }
    }
    if (!ended) setTimeout(again, failed > 2 ? LATER : EVERY);
  }
  setTimeout(again, EVERY);
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible' && !ended) look().catch(() => {}); });
})();
