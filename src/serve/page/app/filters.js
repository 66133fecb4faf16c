// @ts-check
// What the chart is restricted to. Every field is one parameter of the view.

import { byId, h } from './dom.js';
import { t } from './messages.js';
import { places } from './state.js';

/** @typedef {import('./types.js').App} App */

/** @type {Record<string, string[]>} */
const CHOICES = {
  layer: ['', 'votes'],
  up: ['', '0', '1', '2', '3', '5'],
  down: ['', '0', '2', '3', 'all'],
  min_confidence: ['', 'medium', 'high'],
};
const FLAGS = { only_control: '1', cluster: 'jurisdiction', no_sources: '1' };

/** @param {App} app */
export function createFilters(app) {
  const box = byId('ui-filters');
  const commit = (/** @type {object} */ patch) => app.store.commit({ ...patch, keep: places(app.chart) });
  /** @type {Record<string, HTMLInputElement|HTMLSelectElement>} */
  const fields = {};
  for (const [key, values] of Object.entries(CHOICES)) {
    const select = h('select', { id: `ui-f-${key}`, on: { change: () => commit({ [key]: select.value }) } }, values.map((value) => h('option', { value }, t(`filter.${key}.${value || 'default'}`))));
    fields[key] = select;
    box.append(h('label', { for: select.id }, t(`filter.${key}`)), select);
  }
  const least = h('input', { id: 'ui-f-least', type: 'number', min: 0, max: 100, step: 'any', inputmode: 'decimal', on: { change: () => commit({ min_share: least.value }) } });
  fields.min_share = least;
  box.append(h('label', { for: least.id }, t('filter.min_share')), least);
  for (const [key, value] of Object.entries(FLAGS)) {
    const input = h('input', { type: 'checkbox', on: { change: () => commit({ [key]: input.checked ? value : '' }) } });
    fields[key] = input;
    box.append(h('label', { class: 'check' }, input, ' ', t(`filter.${key}`)));
  }
  const menu = /** @type {HTMLDetailsElement} */ (box.parentElement);
  menu.addEventListener('keydown', (event) => { if (event.key === 'Escape') { menu.open = false; menu.querySelector('summary')?.focus(); } });
  document.addEventListener('pointerdown', (event) => { if (!menu.contains(/** @type {Node} */ (event.target))) menu.open = false; });

  return {
    update: () => {
      const view = /** @type {Record<string, any>} */ (app.store.view);
      let active = 0;
      for (const [key, field] of Object.entries(fields)) {
        if (view[key]) active += 1;
        if (field instanceof HTMLInputElement && field.type === 'checkbox') field.checked = view[key] !== '';
        else field.value = view[key];
      }
      const summary = menu.querySelector('summary');
      if (summary) summary.textContent = active ? t('filter.active', { n: active }) : t('filter.title');
    },
  };
}
