// @ts-check
// Keyboard: moving from box to box along ownership, and single letters, which can be switched off.

/** @typedef {import('./chart.js').ChartView} ChartView */
/** @typedef {import('./types.js').Box} Box */

const SWITCH = 'cuibono.letters';

export function lettersOn() {
  try { return localStorage.getItem(SWITCH) !== 'off'; } catch { return true; }
}

/** @param {boolean} on */
export function setLetters(on) {
  try { localStorage.setItem(SWITCH, on ? 'on' : 'off'); } catch { /* private windows may forbid it */ }
}

/** @param {EventTarget|null} target */
function typing(target) {
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox';
  return target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}

/** @param {Box} a @param {Box} b */
const distance = (a, b) => Math.abs(a.x + a.width / 2 - b.x - b.width / 2);

/** The owner or owned party that stands most nearly above or below. @param {ChartView} view @param {Box} box @param {'owner'|'owned'} side */
function along(view, box, side) {
  const other = side === 'owner' ? 'owned' : 'owner';
  const ids = new Set([...view.lines.values()].filter((line) => line[other] === box.id && line[side] !== box.id).map((line) => line[side]));
  return [...view.boxes.values()].filter((one) => ids.has(one.id)).sort((a, b) => distance(a, box) - distance(b, box))[0];
}

/** The next box of the same row. @param {ChartView} view @param {Box} box @param {1|-1} step */
function beside(view, box, step) {
  const middle = box.y + box.height / 2;
  const row = [...view.boxes.values()].filter((one) => one.y <= middle && one.y + one.height >= middle).sort((a, b) => a.x - b.x);
  return row[row.indexOf(box) + step];
}

/** The lines of the box at which one began, one after the other. @param {ChartView} view @param {string} symbol */
function nextLine(view, symbol) {
  view.origin = view.boxes.get(symbol)?.id ?? view.origin;
  const all = [...view.lines.values()].filter((line) => line.owner === view.origin || line.owned === view.origin);
  const at = all.findIndex((line) => line.symbol === symbol);
  return all[(at + 1) % all.length];
}

/**
 * @param {ChartView} view
 * @param {{letter: (key: string, box: Box) => boolean, open: (symbol: string) => void}} on
 */
export function chartKeys(view, on) {
  view.stage.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const symbol = view.stop;
    if (!(event.target instanceof SVGElement)) return;
    if (event.shiftKey && event.key.startsWith('Arrow')) { pan(view, event.key); event.preventDefault(); return; }
    if (move(view, symbol, event.key) || act(view, symbol, event, on)) event.preventDefault();
  });
}

/** @param {ChartView} view @param {string} symbol @param {string} key */
function move(view, symbol, key) {
  const box = view.boxes.get(symbol);
  const line = view.lines.get(symbol);
  const party = (/** @type {string|undefined} */ id) => [...view.boxes.values()].find((one) => one.id === id);
  /** @type {Record<string, () => {symbol: string}|null|undefined>} */
  const moves = {
    ArrowUp: () => (box ? along(view, box, 'owner') : party(line?.owner)),
    ArrowDown: () => (box ? along(view, box, 'owned') : party(line?.owned)),
    ArrowLeft: () => box && beside(view, box, -1),
    ArrowRight: () => box && beside(view, box, 1),
    Home: () => view.subject(),
    ...(lettersOn() ? { l: () => nextLine(view, symbol) } : {}),
  };
  if (!Object.hasOwn(moves, key)) return false;
  const to = moves[key]();
  if (to) view.goTo(to.symbol);
  return true;
}

/** @param {ChartView} view @param {string} key */
function pan(view, key) {
  const step = 60;
  view.camera.pan(key === 'ArrowLeft' ? -step : key === 'ArrowRight' ? step : 0, key === 'ArrowUp' ? -step : key === 'ArrowDown' ? step : 0);
}

/** @param {ChartView} view @param {string} symbol @param {KeyboardEvent} event @param {{letter: (key: string, box: Box) => boolean, open: (symbol: string) => void}} on */
function act(view, symbol, event, on) {
  if (event.key === 'Enter' || event.key === ' ') { on.open(symbol); return true; }
  if (!lettersOn()) return false;
  if (event.key === '+' || event.key === '-') { view.camera.zoom(event.key === '+' ? 1.25 : 0.8); return true; }
  if (event.key === '0') { view.camera.fit(); return true; }
  const box = view.boxes.get(symbol);
  return box !== undefined && on.letter(event.key, box);
}

/** @param {Record<string, () => void>} letters @param {{undo: () => void, redo: () => void}} steps */
export function pageKeys(letters, steps) {
  window.addEventListener('keydown', (event) => {
    if (typing(event.target) || document.querySelector('dialog[open]')) return;
    const control = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (control && (key === 'z' || key === 'y')) { event.preventDefault(); if (key === 'y' || event.shiftKey) steps.redo(); else steps.undo(); return; }
    const letter = letters[event.key] ?? letters[key];
    if (control || event.altKey || !letter || !lettersOn() || event.defaultPrevented) return;
    event.preventDefault();
    letter();
  });
}
