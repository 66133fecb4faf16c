// @ts-check
// Dialogs: the browser's own element keeps the focus inside and gives it back.

import { combobox } from './search.js';
import { button, byId, fill, h } from './dom.js';
import { lettersOn, setLetters } from './keys.js';
import { t } from './messages.js';

/** @typedef {import('./types.js').App} App */

/**
 * @param {string} title
 * @param {(Node|string)[]} content
 * @param {HTMLElement[]} [actions]
 */
export function open(title, content, actions = []) {
  const dialog = /** @type {HTMLDialogElement} */ (byId('ui-dialog'));
  const close = button(t('dialog.close'), () => dialog.close());
  fill(dialog, h('h2', { id: 'ui-dialog-title' }, title), h('div', { class: 'content' }, ...content), h('div', { class: 'row end' }, ...actions, close));
  dialog.onclick = (event) => { if (event.target === dialog) dialog.close(); };
  if (!dialog.open) dialog.showModal();
  return dialog;
}

/** @param {string} title @param {string} text @param {Record<string, string>} choices value by label @returns {Promise<string>} empty where nothing was chosen */
export function choose(title, text, choices) {
  return new Promise((resolve) => {
    const actions = Object.entries(choices).map(([label, value]) => button(label, () => { resolve(value); dialog.close(); }, { class: 'main' }));
    const dialog = open(title, [h('p', {}, text)], actions);
    dialog.addEventListener('close', () => resolve(''), { once: true });
  });
}

/** @param {string} title @param {string} text @returns {Promise<import('./types.js').Entity|null>} */
export function chooseParty(title, text) {
  return new Promise((resolve) => {
    const list = h('ul', { id: 'ui-party-hits', class: 'hits', role: 'listbox', 'aria-label': t('search.list'), hidden: true });
    const input = h('input', { type: 'text', id: 'ui-party', role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': 'ui-party-hits', autocomplete: 'off', spellcheck: 'false', dir: 'auto' });
    const dialog = open(title, [h('label', { for: 'ui-party' }, text), h('div', { class: 'search' }, input, list)]);
    combobox(input, list, (match) => { resolve(match.entity); dialog.close(); });
    dialog.addEventListener('close', () => resolve(null), { once: true });
    input.focus();
  });
}

export function help() {
  const rows = t('help.keys').split('\n').map((line) => line.split('|'));
  const letters = h('input', { type: 'checkbox', checked: lettersOn(), on: { change: () => setLetters(letters.checked) } });
  open(t('help.title'), [
    h('table', {}, h('tbody', {}, ...rows.map(([keys, what]) => h('tr', {}, h('th', { scope: 'row' }, ...keys.split(' ').flatMap((key) => [h('kbd', {}, key), ' '])), h('td', {}, what))))),
    h('label', { class: 'check' }, letters, ' ', t('help.letters')),
    h('p', { class: 'muted' }, t('help.pointer')),
  ]);
}

/** What the present chart does not show. @param {App} app */
export function omissions(app) {
  const { chart, store } = app;
  if (!chart) return;
  const hidden = store.view.hide.map((id) => h('li', {}, h('bdi', {}, app.names.get(id) ?? id), ' ',
    button(t('hidden.show'), () => { byIdDialog().close(); store.commit({ hide: store.view.hide.filter((other) => other !== id) }); }, { class: 'small' })));
  open(t('omissions.title'), [
    h('p', {}, t('status.shown', { shown: chart.shown, total: chart.total })),
    chart.omissions.length ? h('ul', {}, ...chart.omissions.map((text) => h('li', { dir: 'auto' }, text))) : h('p', {}, t('omissions.none')),
    ...(hidden.length ? [h('h3', {}, t('status.hidden', { n: hidden.length })), h('ul', {}, ...hidden)] : []),
  ], hidden.length ? [button(t('hidden.showAll'), () => { byIdDialog().close(); store.commit({ hide: [] }); })] : []);
}

/** What the data are made of. @param {App} app */
export function data({ about }) {
  const rows = about.inputs.map((input) => h('tr', {}, h('th', { scope: 'row', dir: 'auto' }, input.name), h('td', {}, input.format), h('td', {}, input.records), h('td', {}, input.rejected)));
  const head = ['data.file', 'data.format', 'data.records', 'data.rejected'].map((key) => h('th', { scope: 'col' }, t(key)));
  open(t('data.title'), [
    h('table', {}, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...rows)),
    h('p', {}, t('data.warnings', { n: about.warnings })),
    h('p', { class: 'muted' }, `cuibono ${about.version}`),
  ]);
}

function byIdDialog() {
  return /** @type {HTMLDialogElement} */ (byId('ui-dialog'));
}
