// The counter, made quicker where there is JavaScript: the change while the amount is typed.
'use strict';
(() => {
  for (const button of document.querySelectorAll('[data-print]')) {
    button.hidden = false;
    button.addEventListener('click', () => window.print());
  }
  document.addEventListener('input', (event) => {
    const field = event.target.closest('[data-given]');
    const shown = field?.closest('form')?.querySelector('[data-change]');
    if (!shown) return;
    const given = Number(field.value.replace(/[ .,]/g, ''));
    const change = given - Number(field.dataset.given);
    shown.hidden = !(field.value && change >= 0);
    shown.querySelector('strong').textContent = `${change.toLocaleString('vi-VN')} đồng`;
  });
})();
