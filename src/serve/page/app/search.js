// @ts-check
// Search as you type: a combobox whose list tells namesakes apart.

import { ApiError, latest } from './api.js';
import { announce, fill, h, name, seen } from './dom.js';
import { about } from './format.js';
import { t } from './messages.js';

/** @typedef {import('./types.js').Match} Match */

const WAIT = 100;

/**
 * @param {HTMLInputElement} input
 * @param {HTMLElement} list
 * @param {(match: Match) => void} choose
 */
export function combobox(input, list, choose) {
  const ask = latest();
  /** @type {Match[]} */ let matches = [];
  let active = -1;
  let timer = 0;

  const close = () => { list.hidden = true; active = -1; input.setAttribute('aria-expanded', 'false'); input.removeAttribute('aria-activedescendant'); };
  const move = (/** @type {number} */ to) => {
    const options = list.querySelectorAll('[role=option]');
    active = (to + options.length) % options.length;
    options.forEach((option, i) => option.setAttribute('aria-selected', String(i === active)));
    input.setAttribute('aria-activedescendant', options[active].id);
    options[active].scrollIntoView({ block: 'nearest' });
  };
  const pick = (/** @type {number} */ at) => { const match = matches[at]; if (match) { close(); input.value = ''; choose(match); } };
  const show = (/** @type {string} */ query) => {
    const options = matches.map((match, i) => option(match, query, `${list.id}-${i}`, () => pick(i)));
    fill(list, options.length ? options : h('li', { class: 'none', role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false' }, t('search.none')));
    list.hidden = false;
    input.setAttribute('aria-expanded', 'true');
    announce(t('search.found', { n: matches.length }));
    if (matches.length) move(0);
  };
  const look = async () => {
    const query = input.value.trim();
    if (!query) { close(); return; }
    try {
      const answer = await ask('search', { q: query, limit: '12' });
      if (answer && query === input.value.trim()) { matches = answer.matches; show(query); }
    } catch (error) {
      if (error instanceof ApiError) { matches = []; announce(error.message); close(); }
    }
  };
  const later = () => { clearTimeout(timer); timer = window.setTimeout(look, WAIT); };

  input.addEventListener('input', (event) => { if (!(/** @type {InputEvent} */ (event).isComposing)) later(); });
  input.addEventListener('compositionend', later);
  input.addEventListener('blur', close);
  input.addEventListener('keydown', (event) => {
    // While an input method composes, Enter and arrows belong to it.
    if (event.isComposing || event.keyCode === 229) return;
    const open = !list.hidden && matches.length > 0;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') { event.preventDefault(); if (open) move(active + (event.key === 'ArrowDown' ? 1 : -1)); else later(); }
    if (event.key === 'Enter' && open) { event.preventDefault(); pick(active); }
    if (event.key === 'Escape' && !list.hidden) { event.preventDefault(); event.stopPropagation(); close(); }
  });
}

/** @param {Match} match @param {string} query @param {string} id @param {() => void} pick */
function option(match, query, id, pick) {
  const { entity } = match;
  const facts = [about(entity), match.born ? t(entity.kind === 'person' ? 'search.born' : 'search.since', { date: match.born }) : '', ...(match.identifiers ?? []).slice(0, 2)].filter(Boolean);
  const other = match.matched_name && match.matched_name !== entity.name;
  // The pointer must not take the focus away from the input before the click is done.
  return h('li', { role: 'option', id, 'aria-selected': 'false', on: { pointerdown: (/** @type {Event} */ e) => e.preventDefault(), click: pick } },
    h('span', { class: 'hit' }, marked(entity.name, query)), ' ', h('span', { class: 'muted' }, h('bdi', {}, facts.join(' · '))), match.mixed_script && [' ', h('span', { class: 'badge' }, t('party.mixedScript'))],
    other && h('span', { class: 'muted' }, ' · ', t('search.matched'), ' ', marked(match.matched_name, query)));
}

/** @param {string} raw @param {string} query */
function marked(raw, query) {
  const text = seen(raw);
  const bdi = name('');
  const at = text.toLowerCase().indexOf(query.toLowerCase());
  if (at < 0 || text.toLowerCase().length !== text.length) bdi.append(text);
  else bdi.append(text.slice(0, at), h('mark', {}, text.slice(at, at + query.length)), text.slice(at + query.length));
  return bdi;
}
