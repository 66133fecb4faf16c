// @ts-check
// Draws the chart that the server laid out and keeps track of its boxes and lines.

import { Camera } from './camera.js';
import { byId, drawing, fill, svg } from './dom.js';
import { t } from './messages.js';

/** @typedef {import('./types.js').Chart} Chart */
/** @typedef {import('./types.js').Box} Box */
/** @typedef {import('./types.js').Line} Line */
/** @typedef {import('./camera.js').Rect} Rect */

export class ChartView {
  /** @param {HTMLElement} stage @param {{box: (box: Box) => void, line: (line: Line) => void, empty: () => void}} on */
  constructor(stage, on) {
    this.stage = stage;
    this.camera = new Camera(stage, () => byId('ui-legend').offsetWidth);
    /** @type {Chart|null} */ this.chart = null;
    /** @type {Map<string, Box>} */ this.boxes = new Map();
    /** @type {Map<string, Line>} */ this.lines = new Map();
    /** @type {string} symbol that has the chart's only tab stop */ this.stop = '';
    this.origin = '';
    this.placed = false;
    stage.addEventListener('click', (event) => this.#click(event, on));
  }

  /**
   * @param {Chart} chart
   * @param {{keepCamera: boolean, anchor?: string, pinned: string[]}} how the anchor is the party that must not move on the screen
   */
  draw(chart, how) {
    const old = this.chart?.boxes.find((box) => box.id === how.anchor);
    const held = this.#heldFocus();
    this.chart = chart;
    this.boxes = new Map(chart.boxes.map((box) => [box.symbol, box]));
    this.lines = new Map(chart.lines.map((line) => [line.symbol, line]));
    const root = /** @type {SVGSVGElement} */ (drawing(chart.svg) ?? svg('svg', {}));
    root.removeAttribute('width');
    root.removeAttribute('height');
    root.classList.add('chart');
    this.stage.querySelector('svg.chart')?.remove();
    this.stage.prepend(root);
    this.camera.attach(root, regionOf(root, chart), { x: 0, y: 0, width: chart.width, height: chart.height });
    this.#decorate(how.pinned);
    this.#legend(root);
    this.#place(how.keepCamera, old, chart.boxes.find((box) => box.id === how.anchor));
    this.#setStop(chart, held);
  }

  clear() {
    this.stage.querySelector('svg.chart')?.remove();
    this.chart = null;
    this.boxes.clear();
    this.lines.clear();
    fill(byId('ui-legend'));
  }

  /** @param {string} symbol */
  element(symbol) {
    return /** @type {SVGElement|null} */ (this.stage.querySelector(`#${CSS.escape(symbol)}`));
  }

  /** @param {string} symbol @param {boolean} [focus] */
  goTo(symbol, focus = true) {
    const to = this.element(symbol);
    if (!to) return;
    if (this.stop) this.element(this.stop)?.setAttribute('tabindex', '-1');
    this.stop = symbol;
    to.setAttribute('tabindex', '0');
    const box = this.boxes.get(symbol);
    if (box) this.camera.reveal(box);
    if (focus) to.focus({ preventScroll: true });
  }

  /** @param {string|null} symbol */
  mark(symbol) {
    for (const chosen of this.stage.querySelectorAll('.chosen')) chosen.classList.remove('chosen');
    if (symbol) this.element(symbol)?.classList.add('chosen');
  }

  subject() {
    return this.chart?.boxes.find((box) => box.subject) ?? this.chart?.boxes[0] ?? null;
  }

  /** @param {MouseEvent} event @param {{box: (box: Box) => void, line: (line: Line) => void, empty: () => void}} on */
  #click(event, on) {
    const symbol = /** @type {Element} */ (event.target).closest('.box, .line')?.id ?? '';
    if (this.camera.dragged) { this.camera.dragged = false; return; }
    const box = this.boxes.get(symbol);
    const line = this.lines.get(symbol);
    if (box || line) this.goTo(symbol);
    if (box) on.box(box);
    else if (line) on.line(line);
    else if (/** @type {Element} */ (event.target).closest('svg.chart')) on.empty();
  }

  /** The party whose symbol has the focus, so that it can have it again in the next drawing. */
  #heldFocus() {
    const focused = document.activeElement?.id ?? '';
    return this.stage.contains(document.activeElement) ? this.boxes.get(focused)?.id ?? '' : null;
  }

  /** @param {Chart} chart @param {string|null} held */
  #setStop(chart, held) {
    for (const symbol of [...this.boxes.keys(), ...this.lines.keys()]) this.element(symbol)?.setAttribute('tabindex', '-1');
    const box = chart.boxes.find((one) => one.id === held) ?? this.subject();
    this.stop = box?.symbol ?? '';
    const element = this.element(this.stop);
    element?.setAttribute('tabindex', '0');
    if (held !== null) element?.focus({ preventScroll: true });
  }

  /** @param {boolean} keep @param {Box|undefined} old @param {Box|undefined} now */
  #place(keep, old, now) {
    const { camera } = this;
    // Behind the table nothing has a size; the camera waits until the stage is seen.
    if (!this.stage.clientWidth) return;
    if (!keep || !old || !now || !this.placed) {
      this.placed = true;
      camera.start(this.subject() ?? camera.region);
      return;
    }
    camera.x += now.x + now.width / 2 - old.x - old.width / 2;
    camera.y += now.y - old.y;
    camera.home = null;
    camera.show();
  }

  /** Pins, and how many owners and holdings the chart does not show. @param {string[]} pinned */
  #decorate(pinned) {
    for (const [symbol, box] of this.boxes) {
      const group = this.element(symbol);
      if (!group) continue;
      if (box.more_owners) group.append(badge(box, box.y, `↑ ${box.more_owners}`));
      if (box.more_holdings) group.append(badge(box, box.y + box.height, `↓ ${box.more_holdings}`));
      const notes = [box.more_owners && t('box.moreOwners', { n: box.more_owners }), box.more_holdings && t('box.moreHoldings', { n: box.more_holdings })];
      if (pinned.includes(box.id)) {
        group.append(svg('circle', { class: 'pin', cx: box.x + 2, cy: box.y + 2, r: 5, 'aria-hidden': 'true' }));
        notes.push(t('box.pinned'));
      }
      group.setAttribute('aria-label', [box.sentence, ...notes.filter(Boolean)].join(', '));
    }
    for (const line of this.stage.querySelectorAll('svg.chart .line')) line.prepend(wide(line));
  }

  /** The legend of the drawing, set in one column in a corner of the stage. @param {SVGSVGElement} root */
  #legend(root) {
    const entries = [...root.querySelectorAll('.legend-entry')].map((entry) => ({ entry, box: /** @type {SVGGraphicsElement} */ (entry).getBBox() }));
    const column = svg('svg', { class: 'chart', role: 'img', 'aria-label': t('legend.title') });
    entries.forEach(({ entry, box }, i) => {
      const copy = /** @type {SVGElement} */ (entry.cloneNode(true));
      copy.setAttribute('transform', `translate(${-box.x} ${i * 22 - box.y + (18 - box.height) / 2})`);
      column.append(copy);
    });
    const width = Math.ceil(Math.max(0, ...entries.map(({ box }) => box.width))) + 4;
    column.setAttribute('viewBox', `-2 -2 ${width} ${entries.length * 22}`);
    column.setAttribute('width', String(width));
    column.setAttribute('height', String(entries.length * 22));
    fill(byId('ui-legend'), ...(entries.length ? [column] : []));
  }
}

/** @param {Box} box @param {number} y @param {string} text */
function badge(box, y, text) {
  const width = 14 + text.length * 6;
  const x = box.x + box.width - width - 6;
  return svg('g', { class: 'more', 'aria-hidden': 'true' },
    svg('rect', { x, y: y - 8, width, height: 16, rx: 8 }),
    svg('text', { x: x + width / 2, y: y + 4, 'text-anchor': 'middle', 'font-size': 11 }, text));
}

/** Lines are thin; an unseen wide one under each can be hit by a finger. @param {Element} line */
function wide(line) {
  const path = line.querySelector('path');
  return svg('path', { class: 'reach', d: path?.getAttribute('d') ?? '', fill: 'none' });
}

/** What is looked at on the screen: boxes and lines; title, legend and sources have their places in the page.
 * @param {SVGSVGElement} root @param {Chart} chart @returns {Rect} */
function regionOf(root, chart) {
  const parts = ['clusters', 'lines', 'boxes'].map((id) => /** @type {SVGGraphicsElement|null} */ (root.querySelector(`#${id}`)));
  const rects = parts.filter((part) => part !== null).map((part) => part.getBBox()).filter((rect) => rect.width > 0);
  if (!rects.length) return { x: 0, y: 0, width: chart.width || 1, height: chart.height || 1 };
  const x = Math.min(...rects.map((r) => r.x)) - 20;
  const y = Math.min(...rects.map((r) => r.y)) - 20;
  const right = Math.max(...rects.map((r) => r.x + r.width)) + 20;
  const bottom = Math.max(...rects.map((r) => r.y + r.height)) + 20;
  return { x, y, width: right - x, height: bottom - y };
}
