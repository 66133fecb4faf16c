// @ts-check
// The view is the query string of the page's address. Every change makes a new address, so back, forward,
// reload and a copied link give the same picture; undo is a list of such query strings.

/**
 * @typedef {object} View
 * @property {string} subject
 * @property {string} as_of
 * @property {string} layer
 * @property {string} up
 * @property {string} down
 * @property {string} min_share
 * @property {string} only_control
 * @property {string} path_to
 * @property {string} history
 * @property {string} compare_to
 * @property {string} side_by_side
 * @property {string} cluster
 * @property {string} max_boxes
 * @property {string} no_sources
 * @property {string} min_confidence
 * @property {string} show what the page shows: the chart, or `table`
 * @property {string[]} listed
 * @property {string[]} hide
 * @property {string[]} expand_owners
 * @property {string[]} expand_holdings
 * @property {string[]} keep
 * @property {string[]} pin parties whose place `tidy` leaves alone
 */

const ONE = /** @type {const} */ (['subject', 'as_of', 'layer', 'up', 'down', 'min_share', 'only_control', 'path_to', 'history',
  'compare_to', 'side_by_side', 'cluster', 'max_boxes', 'no_sources', 'min_confidence', 'show']);
const MANY = /** @type {const} */ (['listed', 'hide', 'expand_owners', 'expand_holdings', 'keep', 'pin']);
const OF_THE_PAGE = new Set(['show', 'pin']);
const STEPS = 50;
// The server reads addresses up to a length; a crowd then loses its places rather than its chart.
const LONGEST = 10_000;

/** @param {string} text @returns {View} */
export function parse(text) {
  const query = new URLSearchParams(text);
  /** @type {Record<string, string|string[]>} */
  const view = {};
  for (const key of ONE) view[key] = query.get(key) ?? '';
  for (const key of MANY) view[key] = query.getAll(key);
  return /** @type {View} */ (/** @type {unknown} */ (view));
}

/** @param {View} view @param {boolean} [server] only what the server knows @returns {string} */
export function toQuery(view, server = false) {
  const query = new URLSearchParams();
  for (const key of ONE) if (view[key] && !(server && OF_THE_PAGE.has(key))) query.set(key, view[key]);
  for (const key of MANY) if (!(server && OF_THE_PAGE.has(key))) for (const value of view[key]) query.append(key, value);
  return query.toString();
}

/** @param {string[]} list @param {string} id @returns {string[]} */
export function toggled(list, id) {
  return list.includes(id) ? list.filter((other) => other !== id) : [...list, id];
}

/**
 * Where boxes stand now, for the next chart to leave them there.
 * @param {import('./types.js').Chart|null} chart
 * @param {(id: string) => boolean} [which]
 */
export function places(chart, which = () => true) {
  const boxes = (chart?.boxes ?? []).filter((box) => !box.stack && which(box.id));
  return boxes.map((box) => `${box.id}:${Math.round(box.x + box.width / 2)}`);
}

export class Store {
  /** @param {() => void} onChange */
  constructor(onChange) {
    this.view = parse(location.search);
    this.onChange = onChange;
    /** @type {string[]} */ this.past = [];
    /** @type {string[]} */ this.future = [];
    window.addEventListener('popstate', () => { this.view = parse(location.search); this.onChange(); });
  }

  /** @param {Partial<View>} patch */
  commit(patch) {
    const before = toQuery(this.view);
    let next = { ...this.view, ...patch };
    if (toQuery(next).length > LONGEST) next = { ...next, keep: [] };
    if (toQuery(next) === before) return;
    this.past = [...this.past, before].slice(-STEPS);
    this.future = [];
    this.#go(next);
  }

  /** A first view that the address did not name: no step of its own. @param {Partial<View>} patch */
  begin(patch) {
    this.view = { ...this.view, ...patch };
    history.replaceState(null, '', `?${toQuery(this.view)}`);
  }

  undo() { this.#step(this.past, this.future); }

  redo() { this.#step(this.future, this.past); }

  /** @param {string[]} from @param {string[]} to */
  #step(from, to) {
    const now = toQuery(this.view);
    let found = from.pop();
    // Going back by the browser leaves the present view on the list; undoing to it would seem to do nothing.
    while (found === now) found = from.pop();
    if (found === undefined) return;
    to.push(now);
    this.#go(parse(found));
  }

  /** @param {View} view */
  #go(view) {
    this.view = view;
    history.pushState(null, '', `?${toQuery(view)}`);
    this.onChange();
  }
}
