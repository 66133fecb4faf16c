
'use strict';
(() => {
  const stage = document.getElementById('stage');
  const svg = stage.querySelector('svg');
  const details = document.getElementById('details');
  const found = document.getElementById('found');
  const full = svg.viewBox.baseVal;
  const home = { x: full.x, y: full.y, w: full.width, h: full.height };
  let view = { ...home };
  svg.removeAttribute('width');
  svg.removeAttribute('height');
  const show = () => svg.setAttribute('viewBox', [view.x, view.y, view.w, view.h].join(' '));
  const toChart = (event) => {
    const matrix = svg.getScreenCTM();
    return matrix ? new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse()) : { x: 0, y: 0 };
  };
  const zoom = (factor, at) => {
    const w = Math.min(home.w * 4, Math.max(home.w / 40, view.w * factor));
    const real = w / view.w;
    view = { x: at.x - (at.x - view.x) * real, y: at.y - (at.y - view.y) * real, w, h: view.h * real };
    show();
  };
  const middle = () => ({ x: view.x + view.w / 2, y: view.y + view.h / 2 });
  const fit = () => { view = { ...home }; show(); };
  stage.addEventListener('wheel', (event) => {
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15, toChart(event));
  }, { passive: false });
  let grip = null;
  let moved = false;
  stage.addEventListener('pointerdown', (event) => { grip = toChart(event); moved = false; });
  window.addEventListener('pointermove', (event) => {
    if (!grip) { return; }
    const now = toChart(event);
    if (Math.hypot(now.x - grip.x, now.y - grip.y) > view.w / 300) { moved = true; }
    if (moved) {
      view = { ...view, x: view.x + grip.x - now.x, y: view.y + grip.y - now.y };
      show();
    }
  });
  window.addEventListener('pointerup', () => { grip = null; });
  const symbols = [...svg.querySelectorAll('.box, .line')];
  const articles = new Map([...document.querySelectorAll('#evidence article')].map((a) => [a.dataset.of, a]));
  const tell = (symbol) => {
    const article = articles.get(symbol.id);
    if (article) { details.replaceChildren(...article.cloneNode(true).childNodes); }
    else { details.textContent = symbol.getAttribute('aria-label') || ''; }
    details.hidden = false;
  };
  const symbolOf = (event) => event.target.closest('.box, .line');
  svg.addEventListener('click', (event) => {
    const symbol = symbolOf(event);
    if (moved) { return; }
    if (symbol) { tell(symbol); } else { details.hidden = true; }
  });
  for (const symbol of svg.querySelectorAll('.box')) { symbol.setAttribute('tabindex', '0'); }
  svg.addEventListener('focusin', (event) => { const symbol = symbolOf(event); if (symbol) { tell(symbol); } });
  document.getElementById('in').addEventListener('click', () => zoom(1 / 1.3, middle()));
  document.getElementById('out').addEventListener('click', () => zoom(1.3, middle()));
  document.getElementById('fit').addEventListener('click', fit);
  const find = document.getElementById('find');
  find.addEventListener('input', () => {
    const wanted = find.value.trim().toLowerCase();
    let count = 0;
    for (const symbol of symbols) {
      const name = (symbol.dataset.name || '').toLowerCase();
      const hit = wanted !== '' && symbol.classList.contains('box') && name.includes(wanted);
      count += hit ? 1 : 0;
      symbol.classList.toggle('faded', wanted !== '' && !hit);
    }
    found.textContent = wanted === '' ? '' : count + ' found';
  });
  window.addEventListener('keydown', (event) => {
    if (event.target === find) { return; }
    const step = view.w / 12;
    const keys = {
      '+': () => zoom(1 / 1.3, middle()), '-': () => zoom(1.3, middle()), 0: fit,
      ArrowLeft: () => { view.x -= step; show(); }, ArrowRight: () => { view.x += step; show(); },
      ArrowUp: () => { view.y -= step; show(); }, ArrowDown: () => { view.y += step; show(); },
      Escape: () => { details.hidden = true; },
    };
    if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
  });
})();
