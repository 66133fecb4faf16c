// @ts-check
// The only ways in which this page makes elements. Outside strings become text nodes or values of
// attributes that cannot run anything; there is no parser of markup anywhere.

const SVG = 'http://www.w3.org/2000/svg';
const TAGS = new Set(['svg', 'g', 'title', 'desc', 'rect', 'path', 'polygon', 'polyline', 'line', 'circle', 'ellipse', 'text', 'tspan']);
const ATTRIBUTES = new Set([
  'id', 'class', 'role', 'aria-label', 'aria-labelledby', 'aria-hidden', 'data-id', 'data-name', 'data-owner', 'data-owned',
  'd', 'points', 'x', 'y', 'x1', 'y1', 'x2', 'y2', 'cx', 'cy', 'r', 'rx', 'ry', 'dx', 'dy', 'width', 'height', 'viewBox',
  'fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin', 'opacity',
  'font-family', 'font-size', 'font-style', 'font-weight', 'text-anchor', 'direction', 'transform', 'tabindex',
]);
const PAINT = /^(none|#[0-9a-f]{3,8}|currentcolor)$/i;

/** @typedef {Node|string|number|null|undefined|false} Child */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [props] attributes; `on` holds listeners; false and null leave an attribute out
 * @param {...(Child|Child[])} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === 'on') {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (/^(on|style|href|src)/.test(name)) {
      throw new Error(`attribute ${name} is not made here`);
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  element.append(...nodes(children));
  return element;
}

/** @param {(Child|Child[])[]} children @returns {(Node|string)[]} */
function nodes(children) {
  const kept = /** @type {(Node|string|number)[]} */ (children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return kept.map((c) => (typeof c === 'number' ? String(c) : typeof c === 'string' ? c.replace(UNSEEN, spelled) : c));
}

/** @param {Element} element @param {...(Child|Child[])} children */
export function fill(element, ...children) {
  element.replaceChildren(...nodes(children));
}

/** A name of the data: its own direction must not disturb the sentence around it. @param {string} text */
export function name(text) {
  return h('bdi', { dir: 'auto' }, seen(text));
}

// Controls, format characters and letters without ink; joiners only beside letters and signs that never join. White space is
// shown as a blank, and isolates are the page's own.
const UNSEEN = /(?![\t\n\r])\p{Cc}|[\p{Zl}\p{Zp}\u115F\u1160\u2800\u3164\uFFA0]|(?![\u200C\u200D\u2068\u2069\u0600-\u0605\u06DD\u070F])\p{Cf}|(?<=^|[\s\p{P}\p{Nd}\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Hebrew}])[\u200C\u200D]/gu;
const ISOLATES = /[\u2068\u2069]/gu;
const LONGEST = 500;

/** @param {string} c */
function spelled(c) {
  return `⟦U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟧`;
}

/** What a name hides is written out, and what nobody could read is cut with a count. @param {string} text */
export function seen(text) {
  const letters = text.length > LONGEST ? [...text] : [];
  const more = letters.length - LONGEST;
  const cut = more > 0 ? `${letters.slice(0, LONGEST).join('')}… +${more} characters` : text;
  return cut.replace(UNSEEN, spelled).replace(ISOLATES, spelled);
}

/**
 * @param {string} label
 * @param {(event: Event) => void} click
 * @param {Record<string, any>} [props]
 */
export function button(label, click, props = {}) {
  return h('button', { type: 'button', ...props, on: { click } }, label);
}

/** A link to the outside; anything but http and https stays text. @param {string} url @param {string} text */
export function link(url, text) {
  let parsed;
  try { parsed = new URL(url); } catch { return h('span', {}, text); }
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') return h('span', {}, text);
  const anchor = h('a', { rel: 'noopener noreferrer', target: '_blank' }, text);
  anchor.href = parsed.href;
  return anchor;
}

/** @param {string} id */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}

/**
 * @param {string} tag
 * @param {Record<string, string|number>} attributes
 * @param {...(Node|string)} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) {
    const text = String(value);
    const paint = key === 'fill' || key === 'stroke';
    if (ATTRIBUTES.has(key) && (!paint || PAINT.test(text))) element.setAttribute(key, text);
  }
  element.append(...children);
  return element;
}

/** The drawing that the server sent; tags that are not on the list are left out with what is in them.
 * @param {import('./types.js').SvgNode} node @returns {SVGElement|null} */
export function drawing([tag, attributes, children]) {
  if (!TAGS.has(tag)) return null;
  const made = (children ?? []).map((child) => (typeof child === 'string' ? child : drawing(child)));
  return svg(tag, attributes ?? {}, ...made.filter((child) => child !== null));
}

/** Tells people who hear the page what has changed. @param {string} text */
export function announce(text) {
  const live = byId('ui-live');
  live.textContent = '';
  // A screen reader hears a change only when the empty region was there before.
  requestAnimationFrame(() => { live.textContent = text; });
}

/** @param {string} text */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
