// @ts-check
// Cards that say who is a beneficial owner under a rule, within which range, and what would settle it.

import { get } from './api.js';
import { fill, h, name } from './dom.js';
import { step } from './evidence.js';
import { share, term } from './format.js';
import { t } from './messages.js';

/** @typedef {import('./types.js').App} App */

const FIRST = 'fatf';

/** @param {App} app @param {string} id */
export function verdictSection(app, id) {
  const rules = app.about.rules.filter((rule) => !rule.decides || rule.decides.startsWith('beneficial'));
  if (!rules.length) return null;
  const cards = h('div', { 'aria-live': 'polite' });
  const select = h('select', { id: 'ui-rule', on: { change: () => load(app, id, select.value, cards) } },
    ...rules.map((rule) => h('option', { value: rule.id, selected: rule.id === FIRST }, rule.from ? `${rule.title} (${rule.from})` : rule.title)));
  const section = h('details', { class: 'part' }, h('summary', {}, t('verdict.title')), h('label', { for: 'ui-rule' }, t('verdict.rule')), ' ', select, cards);
  section.addEventListener('toggle', () => { if (section.open && !cards.hasChildNodes()) load(app, id, select.value, cards); });
  return section;
}

/** @param {App} app @param {string} id @param {string} rule @param {HTMLElement} into */
async function load(app, id, rule, into) {
  fill(into, h('p', { class: 'muted' }, t('status.loading')));
  try {
    const answer = await get('verdict', { id, rule, as_of: app.store.view.as_of });
    const rows = answer.rows ?? answer.candidates ?? [];
    const open = rows.filter((/** @type {any} */ row) => !/^(no|not met)$/.test(row.verdict));
    const no = rows.filter((/** @type {any} */ row) => !open.includes(row));
    fill(into,
      answer.version && h('p', { class: 'muted' }, answer.version.source, answer.version.reading ? ` – ${answer.version.reading}` : ''),
      open.length === 0 && h('p', {}, t('verdict.nobody')),
      open.map((/** @type {any} */ row) => card(row, answer)),
      no.length > 0 && h('details', {}, h('summary', {}, t('verdict.not', { n: no.length })), h('ul', {}, no.map((/** @type {any} */ row) => h('li', {}, name(row.entity.name))))),
      h('p', { class: 'muted' }, t('verdict.advice')));
  } catch (error) {
    fill(into, h('p', { class: 'error' }, String(/** @type {Error} */ (error).message)));
  }
}

/** @param {any} row @param {any} answer */
function card(row, answer) {
  const proofs = [...(answer.owners ?? []), ...(answer.unresolved ?? [])].filter((one) => one.entity?.id === row.entity.id);
  const because = row.because ?? proofs[0]?.because ?? [];
  const range = row.range ?? proofs[0]?.share;
  const tests = row.tests ?? [];
  const settle = [row.would_settle, ...tests.map((/** @type {any} */ test) => test.settled_by)].filter(Boolean).map(sentence);
  return h('article', { class: `card verdict ${/^(yes|met)$/.test(row.verdict) ? 'yes' : 'open'}` },
    h('h3', {}, name(row.entity.name), ': ', term('verdict', row.verdict), range ? `, ${share(range)}` : ''),
    h('ul', {}, tests.map((/** @type {any} */ test) => h('li', {}, `${test.article}: ${term('measure', test.measure)} ${test.threshold}, ${share(test.share)} – ${term('verdict', test.verdict)}`))),
    because.length > 0 && h('details', {}, h('summary', {}, t('verdict.because')), h('ol', { class: 'steps' }, because.map(step))),
    settle.length > 0 && h('details', { open: true }, h('summary', {}, t('verdict.settle')), h('ul', {}, [...new Set(settle)].map((text) => h('li', { dir: 'auto' }, text)))));
}

/** @param {any} settle what fact would decide @returns {string} */
function sentence(settle) {
  if (typeof settle === 'string') return settle;
  const limits = [
    settle.met_from !== undefined && t('verdict.metFrom', { n: settle.met_from }),
    settle.not_met_below !== undefined && t('verdict.notBelow', { n: settle.not_met_below }),
  ].filter(Boolean).join(', ');
  const fact = settle.owner ? t('verdict.fact', { owner: settle.owner.name, owned: settle.owned.name, share: share(settle.share) }) : '';
  return [fact, limits, settle.note].filter(Boolean).join('; ');
}
