// @ts-check
// Export of exactly this view, its address, and the command that draws the same.

import { address } from './api.js';
import { announce, button, copy, h } from './dom.js';
import { open } from './dialogs.js';
import { t } from './messages.js';
import { toQuery } from './state.js';

const FORMATS = ['svg', 'png', 'pdf', 'html', 'csv', 'json', 'bods', 'dot', 'mmd', 'graphml'];

/** @param {import('./types.js').App} app */
export function exportDialog({ store, chart }) {
  const query = toQuery(store.view, true);
  const links = FORMATS.map((to) => h('li', {}, file(address('export', `${query}${query ? '&' : ''}to=${to}`), t(`export.${to}`))));
  const command = chart?.command ?? '';
  open(t('export.title'), [
    h('p', {}, t('export.same')),
    h('ul', { class: 'formats' }, ...links),
    h('p', { class: 'muted' }, t('export.link')),
    h('pre', { tabindex: '0', 'aria-label': t('export.command') }, command),
  ], [
    copier(t('export.copyLink'), () => location.href),
    copier(t('export.copyCommand'), () => command),
    button(t('export.print'), () => { document.querySelector('dialog')?.close(); window.print(); }),
  ]);
}

/** @param {string} to @param {string} label */
function file(to, label) {
  const anchor = h('a', { download: true }, label);
  anchor.href = to;
  return anchor;
}

/** A button that says on itself whether copying worked. @param {string} label @param {() => string} text */
export function copier(label, text) {
  const made = button(label, async () => {
    const done = t((await copy(text())) ? 'copy.done' : 'copy.failed');
    made.textContent = done;
    announce(done);
    setTimeout(() => { made.textContent = label; }, 1500);
  });
  return made;
}
