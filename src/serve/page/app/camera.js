// @ts-check
// Which part of the drawing the stage shows: pan and zoom by pointer, wheel, pinch and buttons.

/** @typedef {{x: number, y: number, width: number, height: number}} Rect */

const SMALLEST = 0.05;
const LARGEST = 6;
// Below this the writing of a chart cannot be read, so a first view shows the subject's surroundings instead of all.
const READABLE = 0.5;

/** As near as the bounds allow; in their middle where they leave no room. @param {number} value @param {number} low @param {number} high */
function within(value, low, high) {
  return low > high ? (low + high) / 2 : Math.min(high, Math.max(low, value));
}

export class Camera {
  /** @param {HTMLElement} stage @param {() => number} covered width at the left edge that something lies over */
  constructor(stage, covered) {
    this.stage = stage;
    this.covered = covered;
    /** @type {SVGSVGElement|null} */ this.svg = null;
    /** What is looked at on the screen. @type {Rect} */ this.region = { x: 0, y: 0, width: 1, height: 1 };
    /** All that is drawn, with title, legend and sources. */ this.sheet = this.region;
    this.print = window.matchMedia('print');
    this.print.addEventListener('change', () => this.show());
    this.x = 0;
    this.y = 0;
    this.scale = 1;
    this.dragged = false;
    /** Where a first view was put, until the user moves it: a stage that changes its size puts it there again. @type {Rect|null} */ this.home = null;
    /** @type {Map<number, {x: number, y: number}>} */ this.pointers = new Map();
    this.#listen();
    new ResizeObserver(() => { if (this.home) this.start(this.home); else this.show(); }).observe(stage);
  }

  /** @param {SVGSVGElement} svg @param {Rect} region @param {Rect} sheet */
  attach(svg, region, sheet) {
    this.sheet = sheet;
    this.svg = svg;
    this.region = region;
  }

  show() {
    const { clientWidth: w, clientHeight: h } = this.stage;
    if (!this.svg || !w || !h) return;
    const { x, y, width, height } = this.sheet;
    // Paper shows the whole sheet, wherever the screen looked.
    if (this.print.matches) this.svg.setAttribute('viewBox', [x, y, width, height].join(' '));
    else this.svg.setAttribute('viewBox', [this.x, this.y, w / this.scale, h / this.scale].join(' '));
  }

  /** All of the drawing. @param {number} [least] scale that is not gone below @param {Rect} [middle] what is in the middle then */
  fit(least = SMALLEST, middle = this.region) {
    const { clientWidth: w, clientHeight: h } = this.stage;
    const whole = Math.min(w / this.region.width, h / this.region.height, 1.25);
    this.scale = Math.max(whole, least);
    this.home = null;
    this.center(whole < least ? middle : this.region);
    if (whole >= least) return;
    this.x = within(this.x, this.region.x - this.covered() / this.scale, this.region.x + this.region.width - w / this.scale);
    this.y = within(this.y, this.region.y, this.region.y + this.region.height - h / this.scale);
    this.show();
  }

  /** @param {Rect} subject */
  start(subject) {
    this.fit(READABLE, subject);
    this.home = subject;
  }

  /** @param {Rect} rect */
  center(rect) {
    this.x = rect.x + rect.width / 2 - this.stage.clientWidth / this.scale / 2;
    this.y = rect.y + rect.height / 2 - this.stage.clientHeight / this.scale / 2;
    this.show();
  }

  /** Moves only as far as is needed to see a box whole. @param {Rect} rect */
  reveal(rect) {
    const w = this.stage.clientWidth / this.scale;
    const h = this.stage.clientHeight / this.scale;
    const edge = 20 / this.scale;
    const before = [this.x, this.y];
    this.x = Math.min(Math.max(this.x, rect.x + rect.width + edge - w), rect.x - edge);
    this.y = Math.min(Math.max(this.y, rect.y + rect.height + edge - h), rect.y - edge);
    if (this.x !== before[0] || this.y !== before[1]) this.home = null;
    this.show();
  }

  /** @param {number} factor @param {{x: number, y: number}} [at] point of the stage that stays where it is */
  zoom(factor, at = { x: this.stage.clientWidth / 2, y: this.stage.clientHeight / 2 }) {
    const scale = Math.min(LARGEST, Math.max(SMALLEST, this.scale * factor));
    this.x += at.x / this.scale - at.x / scale;
    this.y += at.y / this.scale - at.y / scale;
    this.scale = scale;
    this.home = null;
    this.show();
  }

  /** @param {number} dx @param {number} dy pixels of the stage */
  pan(dx, dy) {
    this.x += dx / this.scale;
    this.y += dy / this.scale;
    this.home = null;
    this.show();
  }

  #listen() {
    const { stage, pointers } = this;
    stage.addEventListener('wheel', (event) => {
      event.preventDefault();
      if (event.shiftKey) this.pan(event.deltaY || event.deltaX, 0);
      else this.zoom(Math.exp(-Math.sign(event.deltaY) * Math.min(0.2, Math.abs(event.deltaY) / 500)), this.#point(event));
    }, { passive: false });
    stage.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      if (pointers.size === 0) this.dragged = false;
      pointers.set(event.pointerId, this.#point(event));
    });
    window.addEventListener('pointermove', (event) => this.#drag(event));
    for (const end of ['pointerup', 'pointercancel']) {
      window.addEventListener(end, (event) => pointers.delete(/** @type {PointerEvent} */ (event).pointerId));
    }
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = this.#point(event);
    if (!this.dragged && Math.hypot(now.x - before.x, now.y - before.y) < 4) return;
    this.dragged = true;
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const grown = Math.hypot(now.x - other.x, now.y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
      this.zoom(grown, other);
    } else {
      this.pan(before.x - now.x, before.y - now.y);
    }
    this.pointers.set(event.pointerId, now);
  }

  /** @param {MouseEvent} event */
  #point(event) {
    const frame = this.stage.getBoundingClientRect();
    return { x: event.clientX - frame.left, y: event.clientY - frame.top };
  }
}
