// A draft's page: saved while one writes; files go in parts. It works without this.
(() => {
  'use strict';
  const PART = 512 * 1024, WAIT = 1500, TRIES = 6;
  const vi = document.documentElement.lang !== 'en';
  const say = (a, b) => (vi ? a : b);
  const form = () => document.querySelector('form[data-draft]');
  if (!form()) return;

  const tell = (place, text) => { if (place && place.textContent !== text) place.textContent = text; };
  const field = (name) => form().querySelector(`[name="${name}"]`);
  const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

  // saving, one at a time
  let timer = 0, dirty = false, busy = null, leaving = false;
  async function send() {
    const body = new FormData(form());
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    body.set('_action', 'autosave');
    dirty = false;
    try {
      const answer = await fetch(form().action, { method: 'POST', body, redirect: 'error' });
      if (!answer.ok || !(answer.headers.get('content-type') || '').includes('json')) throw new Error(answer.status);
      const saved = await answer.json();
      field('_version').value = saved.version;
      if (!leaving) tell(form().querySelector('[data-saved]'), saved.said);
    } catch {
      dirty = true;
      if (leaving) return;
      tell(form().querySelector('[data-saved]'), say('Chưa lưu được; đang thử lại. Đừng đóng trang này.', 'Not saved yet; trying again.'));
      plan(8000);
    }
  }
  async function save() {
    clearTimeout(timer);
    while (busy) await busy;
    if (!dirty) return;
    busy = send();
    await busy;
    busy = null;
  }
  let line = Promise.resolve(), pending = 0, failed = false;
  function plan(ms) { clearTimeout(timer); timer = setTimeout(() => { line = line.then(save); }, ms); }
  const mine = (event) => event.target.type !== 'file' && event.target.closest('form[data-draft]') && (dirty = true);
  document.addEventListener('input', (event) => {
    if (mine(event)) plan(WAIT);
  });
  document.addEventListener('change', (event) => {
    if (mine(event)) plan(event.target.matches('[data-live]') ? WAIT : 0);
  });
  document.addEventListener('submit', (event) => {
    if (pending) {
      event.preventDefault();
      event.stopImmediatePropagation();
      const by = event.submitter;
      line.then(() => { if (!failed) form().requestSubmit(by?.isConnected ? by : null); });
      return;
    }
    leaving = true;
    clearTimeout(timer);
  }, true);
  document.addEventListener('htmx:before:request', (event) => {
    clearTimeout(timer);
    if (!pending) { dirty = false; return; }
    event.preventDefault();
    line.then(() => form().querySelector('[data-update]')?.click());
  });
  window.addEventListener('pageshow', () => { leaving = false; });
  window.addEventListener('beforeunload', (event) => { if (dirty && !leaving) event.preventDefault(); });

  const keyOf = async (path, file) => {
    const text = new TextEncoder().encode([path, file.name.normalize('NFC'), file.size, file.lastModified].join('|'));
    const hash = await crypto.subtle.digest('SHA-256', text);
    return [...new Uint8Array(hash)].slice(0, 16).map((one) => one.toString(16).padStart(2, '0')).join('');
  };
  async function ask(address, options) {
    for (let tried = 0; ; tried += 1) {
      try {
        const answer = await fetch(address, options);
        if (answer.status < 500) return answer;
      } catch {}
      if (tried >= TRIES) return null;
      await pause(500 * 2 ** tried);
    }
  }
  async function upload(box, path, file) {
    const said = box.querySelector('[data-said]'), bar = document.createElement('progress');
    bar.max = file.size || 1;
    bar.setAttribute('aria-label', file.name);
    said.before(bar);
    tell(said, say(`Đang tải “${file.name}”…`, `Uploading “${file.name}”…`));
    const end = (text, bad) => { bar.remove(); tell(said, text); failed ||= bad === true; };
    const lost = () => end(say(`Chưa tải xong “${file.name}”. Hãy chọn lại tệp.`,
      `“${file.name}” did not arrive whole. Choose it again.`), true);
    const key = await keyOf(path, file), head = { 'X-CSRFToken': field('csrf_token').value };
    const first = await ask(`${box.dataset.upload}?key=${key}`, {});
    if (!first || !first.ok) return lost();
    let at = (await first.json()).received;
    for (;;) {
      bar.value = at;
      const query = new URLSearchParams({ key, name: file.name, size: file.size, offset: at, _tab: field('_tab').value });
      const body = file.slice(at, at + PART);
      const answer = await ask(`${box.dataset.upload}?${query}`, { method: 'PUT', headers: head, body });
      if (!answer || ![200, 409, 422].includes(answer.status)) return lost();
      const found = await answer.json().catch(() => null);
      if (!found) return lost();
      if (found.error) return end(found.error, true);
      if (found.done) {
        const list = form().querySelector(`[data-files="${CSS.escape(path)}"]`);
        if (!list.innerHTML.includes(found.sha256)) list.insertAdjacentHTML('beforeend', found.html);
        list.hidden = false;
        field('_version').value = found.version;
        return end(say(`Đã tải xong “${file.name}”.`, `“${file.name}” is uploaded.`));
      }
      at = found.received;
    }
  }
  function take(box, files) {
    const path = box.querySelector('input[type=file]').name.replace(/^_upload\./, '');
    failed = false;
    for (const file of files) {
      pending += 1;
      line = line.then(save).then(() => upload(box, path, file)).finally(() => { pending -= 1; });
    }
  }
  document.addEventListener('change', (event) => {
    const box = event.target.closest('[data-upload]');
    if (!box || event.target.type !== 'file') return;
    take(box, [...event.target.files]);
    event.target.value = '';
  });
  for (const kind of ['dragover', 'dragleave', 'drop']) {
    document.addEventListener(kind, (event) => {
      const box = event.target.closest?.('[data-upload]');
      if (!box) return;
      event.preventDefault();
      box.classList.toggle('over', kind === 'dragover');
      if (kind === 'drop') take(box, [...event.dataTransfer.files]);
    });
  }
})();
