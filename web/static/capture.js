// Photographs by the machine's camera and signatures drawn on the screen; each becomes a file of the field it stands beside.
(() => {
  'use strict';
  const t = (vi, en) => (document.documentElement.lang === 'en' ? en : vi);
  const WIDE = 2560;

  const button = (words, more = {}) => Object.assign(document.createElement('button'), { type: 'button', className: 'button small', textContent: words, ...more });

  // a field keeps what it has: another picture is one more file of it
  function add(input, canvas, kind, name) {
    return new Promise((done) => {
      canvas.toBlob((blob) => {
        const all = new DataTransfer();
        if (input.multiple) for (const file of input.files) all.items.add(file);
        all.items.add(new File([blob], name, { type: kind }));
        input.files = all.files;
        input.dispatchEvent(new Event('change', { bubbles: true }));
        done();
      }, kind, 0.9);
    });
  }

  function say(input, words) {
    let line = input.parentElement.querySelector('[data-captured]');
    if (!line) {
      line = Object.assign(document.createElement('p'), { className: 'quiet small' });
      line.dataset.captured = '';
      line.setAttribute('role', 'status');
      input.parentElement.append(line);
    }
    line.textContent = words;
  }

  const stamp = () => new Date().toISOString().slice(0, 19).replace(/[-:T]/g, '');

  async function photograph(input) {
    const label = document.querySelector(`label[for="${CSS.escape(input.id)}"]`)?.textContent.trim() ?? '';
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: WIDE }, facingMode: 'environment' } });
    } catch {
      say(input, t('Không mở được máy ảnh. Kiểm tra dây nối và quyền dùng máy ảnh, hoặc chọn tệp có sẵn.', 'The camera does not open. Check its cable and whether it may be used, or choose a file.'));
      return;
    }
    const dialog = Object.assign(document.createElement('dialog'), { className: 'capture' });
    const video = Object.assign(document.createElement('video'), { autoplay: true, muted: true, playsInline: true });
    const title = Object.assign(document.createElement('h2'), { textContent: `${t('Chụp', 'Photograph')}: ${label}` });
    const acts = Object.assign(document.createElement('div'), { className: 'acts' });
    const shoot = button(t('Chụp trang này', 'Take this page'), { className: 'button primary', disabled: true });
    const close = button(t('Xong', 'Done'));
    dialog.setAttribute('aria-label', title.textContent);
    video.srcObject = stream;
    video.addEventListener('loadeddata', () => { shoot.disabled = false; shoot.focus(); });
    shoot.addEventListener('click', async () => {
      const canvas = Object.assign(document.createElement('canvas'), { width: video.videoWidth, height: video.videoHeight });
      canvas.getContext('2d').drawImage(video, 0, 0);
      await add(input, canvas, 'image/jpeg', `chup-${stamp()}-${input.files.length + 1}.jpg`);
      say(input, t(`Đã chụp ${input.files.length} ảnh.`, `${input.files.length} pictures taken.`));
      title.textContent = `${t('Đã chụp', 'Taken')}: ${input.files.length}`;
    });
    close.addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', () => { for (const track of stream.getTracks()) track.stop(); dialog.remove(); input.focus(); });
    acts.append(shoot, close);
    dialog.append(title, video, acts);
    document.body.append(dialog);
    dialog.showModal();
  }

  function sign(input) {
    const pad = Object.assign(document.createElement('canvas'), { width: 900, height: 300, className: 'pad' });
    const again = button(t('Ký lại', 'Sign again'));
    const pen = pad.getContext('2d');
    let drawn = 0;
    const blank = () => { pen.fillStyle = '#fff'; pen.fillRect(0, 0, pad.width, pad.height); drawn = 0; };
    const at = (event) => [event.offsetX * (pad.width / pad.clientWidth), event.offsetY * (pad.height / pad.clientHeight)];
    pad.setAttribute('role', 'img');
    pad.setAttribute('aria-label', t('Ô ký tên: ký bằng bút hoặc ngón tay. Không ký được thì ký vào sổ giấy.', 'Sign here with a pen or finger; otherwise sign the book on paper.'));
    blank();
    pen.lineWidth = 4;
    pen.lineCap = pen.lineJoin = 'round';
    pad.addEventListener('pointerdown', (event) => { pad.setPointerCapture(event.pointerId); pen.beginPath(); pen.moveTo(...at(event)); event.preventDefault(); });
    pad.addEventListener('pointermove', (event) => {
      if (!event.buttons) return;
      pen.lineTo(...at(event));
      pen.stroke();
      drawn += 1;
    });
    pad.addEventListener('pointerup', async () => {
      if (!drawn) return;
      input.files = new DataTransfer().files;
      await add(input, pad, 'image/png', 'chu-ky.png');
      say(input, t('Đã ký trên màn hình.', 'Signed on the screen.'));
    });
    again.addEventListener('click', () => { blank(); input.files = new DataTransfer().files; say(input, ''); });
    return [pad, again];
  }

  function camera(input) {
    const open = button(t('Chụp bằng máy ảnh', 'Use the camera'));
    open.addEventListener('click', () => photograph(input));
    return [open];
  }

  // a form that is laid over by its newer self loses what was added to it: the same elements are put back
  const made = new WeakMap();
  const able = navigator.mediaDevices?.getUserMedia && matchMedia('(pointer: fine)').matches;
  function equip() {
    for (const input of document.querySelectorAll('input[type=file][name^="_upload."]')) {
      const signature = input.dataset.capture === 'signature';
      if (!signature && !(able && /\.(jpe?g|png)/.test(input.accept))) continue;
      if (!made.has(input)) made.set(input, signature ? sign(input) : camera(input));
      const own = made.get(input);
      if (!own[0].isConnected) input[signature ? 'before' : 'after'](...own);
    }
  }
  equip();
  new MutationObserver(equip).observe(document.body, { childList: true, subtree: true });
})();
