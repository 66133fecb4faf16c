// @ts-check
// The bar above the chart: what can be done with the chosen party, and what is not on the chart.

import { expand, hide, isolate, path, pin, reset, tidy } from './actions.js';
import { button, byId, fill, h, name } from './dom.js';
import { count, date } from './format.js';
import { omissions } from './dialogs.js';
import { t } from './messages.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./types.js').Box} Box */

/** @param {App} app */
export function createToolbar(app) {
  const on = (/** @type {(app: App, box: Box) => unknown} */ act) => () => { if (app.selected) act(app, app.selected); };
  const owners = button('', on((a, box) => expand(a, box, 'owners')));
  const holdings = button('', on((a, box) => expand(a, box, 'holdings')));
  const hiding = button(t('tool.hide'), on(hide));
  const pinning = button(t('tool.pin'), on(pin));
  const only = button(t('tool.isolate'), on(isolate));
  const paths = button(t('tool.path'), on(path));
  const undo = button(t('tool.undo'), () => app.store.undo());
  const redo = button(t('tool.redo'), () => app.store.redo());
  fill(byId('ui-actions'), owners, holdings, hiding, pinning, only, paths, undo, redo,
    button(t('tool.tidy'), () => tidy(app)), button(t('tool.reset'), () => reset(app)));

  return {
    update: () => {
      const { selected, store, chart } = app;
      owners.textContent = selected?.stack ? t('tool.unstack') : t('tool.owners', { n: count(selected?.more_owners ?? 0) });
      holdings.textContent = t('tool.holdings', { n: count(selected?.more_holdings ?? 0) });
      owners.disabled = !selected || (!selected.more_owners && !selected.stack);
      holdings.disabled = !selected?.more_holdings;
      for (const one of [hiding, pinning, only, paths]) one.disabled = !selected || selected.stack === true;
      hiding.disabled ||= selected?.subject === true;
      pinning.setAttribute('aria-pressed', String(selected !== null && store.view.pin.includes(selected.id)));
      undo.disabled = store.past.length === 0;
      redo.disabled = store.future.length === 0;
      fill(byId('ui-status'), ...(chart ? status(app, chart) : []));
    },
  };
}

/** @param {App} app @param {import('./types.js').Chart} chart */
function status(app, chart) {
  const { view } = app.store;
  const stacks = chart.boxes.filter((box) => box.stack).length;
  const parts = [
    h('span', {}, t('status.shown', { shown: count(chart.shown), total: count(chart.total) })),
    stacks > 0 && h('span', {}, t('status.stacks', { n: stacks })),
    button(t('status.hidden', { n: view.hide.length }), () => omissions(app), { class: 'plain', id: 'ui-hidden' }),
    view.pin.length > 0 && h('span', {}, t('status.pinned', { n: view.pin.length })),
    button(t('omissions.ask'), () => omissions(app), { class: 'plain', id: 'ui-left-out' }),
    view.path_to !== '' && chip([t('status.pathTo'), ' ', name(app.names.get(view.path_to) ?? view.path_to)], () => app.store.commit({ path_to: '' })),
    view.compare_to !== '' && chip([t('status.compare', { date: date(view.compare_to) })], () => app.store.commit({ compare_to: '', side_by_side: '' })),
  ];
  return parts;
}

/** Something that restricts the chart, with a way to take it off. @param {(Node|string)[]} label @param {() => void} off */
function chip(label, off) {
  return h('span', { class: 'chip' }, ...label, ' ', button('×', off, { class: 'plain', 'aria-label': t('status.takeOff') }));
}
