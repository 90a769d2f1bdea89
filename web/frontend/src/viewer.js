// Draws the diagrams of a page: every [data-diagram] names the address of its BPMN and which elements to mark.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';

function controls(canvas) {
  const vi = document.documentElement.lang !== 'en';
  const bar = document.createElement('p');
  bar.className = 'chips zoom';
  const add = (text, act) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button small quiet';
    button.textContent = text;
    button.addEventListener('click', act);
    bar.append(button);
  };
  add(vi ? 'Phóng to' : 'Zoom in', () => canvas.zoom(canvas.zoom() * 1.4));
  add(vi ? 'Thu nhỏ' : 'Zoom out', () => canvas.zoom(canvas.zoom() / 1.4));
  add(vi ? 'Vừa khung' : 'Fit', () => canvas.zoom('fit-viewport', 'auto'));
  return bar;
}

async function draw(box) {
  if (box.dataset.drawn) return;
  box.dataset.drawn = 'yes';
  const answer = await fetch(box.dataset.diagram, { credentials: 'same-origin' });
  if (!answer.ok) return;
  const xml = await answer.text();
  box.hidden = false;
  const viewer = new NavigatedViewer({
    container: box,
    textRenderer: { defaultStyle: { fontFamily: '"Be Vietnam Pro", sans-serif', fontSize: 12 } },
  });
  await viewer.importXML(xml);
  const canvas = viewer.get('canvas');
  const known = viewer.get('elementRegistry');
  for (const marker of ['visited', 'flows', 'active']) {
    for (const id of JSON.parse(box.dataset[marker] || '[]')) {
      if (known.get(id)) canvas.addMarker(id, `is-${marker}`);
    }
  }
  canvas.zoom('fit-viewport', 'auto');
  box.after(controls(canvas));
  box.dataset.ready = 'yes';
}

for (const box of document.querySelectorAll('[data-diagram]')) {
  const fold = box.closest('details');
  const start = () => draw(box).catch(() => { box.hidden = true; });
  if (!fold || fold.open) start();
  else fold.addEventListener('toggle', start, { once: true });
}
