// @ts-check
// The table twin of the chart: the same lines, the same totals, and the chart read as sentences.

import { get } from './api.js';
import { button, fill, h, name } from './dom.js';
import { share, span, term } from './format.js';
import { LOCALE, t } from './messages.js';
import { toQuery } from './state.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./types.js').Row} Row */

const collator = new Intl.Collator(LOCALE, { numeric: true });
const when = (/** @type {any} */ day) => (typeof day === 'string' ? day : day?.not_before ?? day?.not_after ?? '');
const kinds = (/** @type {Row} */ row) => [...new Set([row.kinds ?? row.style ?? []].flat())].map((kind) => term('interest', kind)).join(', ');

/** The share at least, by which lines are put in order; a label is all there is where no range is given. @param {Row} row */
function least(row) {
  if (row.share) return row.share.min + row.share.max / 1000;
  const first = /\d+(\.\d+)?/.exec(row.label ?? '');
  return first ? Number(first[0]) : -1;
}

/** @type {{key: string, sort: (row: Row) => string|number, cell: (row: Row) => Node|string}[]} */
const COLUMNS = [
  { key: 'owner', sort: (row) => row.owner.name, cell: (row) => name(row.owner.name) },
  { key: 'owned', sort: (row) => row.owned.name, cell: (row) => name(row.owned.name) },
  { key: 'share', sort: least, cell: (row) => h('bdi', {}, row.label || share(row.share)) },
  { key: 'kinds', sort: kinds, cell: kinds },
  { key: 'start', sort: (row) => when(row.start), cell: (row) => span(row.start) },
  { key: 'end', sort: (row) => when(row.end), cell: (row) => span(row.end) },
  { key: 'confidence', sort: (row) => row.confidence ?? '', cell: (row) => (row.confidence ? term('confidence', row.confidence) : '') },
  { key: 'marks', sort: (row) => (row.marks ?? []).join(), cell: (row) => (row.marks ?? []).map((mark) => term('mark', mark)).join(', ') },
  { key: 'sources', sort: (row) => (row.sources ?? []).join(), cell: (row) => (row.sources ?? []).join(' ') },
];

/** @param {App} app @param {HTMLElement} into */
export async function showTable(app, into) {
  const chart = app.chart;
  into.setAttribute('aria-busy', 'true');
  /** @type {import('./types.js').Table} */
  const table = await get('table', toQuery(app.store.view, true));
  if (chart !== app.chart) return;
  const scroll = (/** @type {Node} */ child, /** @type {string} */ label) => h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': label }, child);
  fill(into,
    h('h2', {}, h('bdi', {}, chart?.title ?? ''), ' ', h('small', {}, chart?.subtitle ?? '')),
    scroll(lines(app, table.rows ?? table.interests ?? []), t('table.lines')),
    h('h3', {}, t('table.totals')), scroll(totals(table), t('table.totals')),
    h('details', {}, h('summary', {}, t('table.sentences')), h('ul', {}, (chart?.lines ?? []).map((line) => h('li', { dir: 'auto' }, line.sentence)))),
    table.omissions.length > 0 && h('details', {}, h('summary', {}, t('omissions.title')), h('ul', {}, table.omissions.map((text) => h('li', { dir: 'auto' }, text)))));
  into.setAttribute('aria-busy', 'false');
}

/** @param {App} app @param {Row[]} rows */
function lines(app, rows) {
  const columns = COLUMNS.filter((column) => rows.some((row) => ![-1, ''].includes(column.sort(row))));
  const body = h('tbody');
  let sorted = '';
  let down = false;
  const heads = columns.map((column) => h('th', { scope: 'col' }, button(t(`table.${column.key}`), () => sortBy(column), { class: 'sort' })));
  const put = (/** @type {Row[]} */ list) => fill(body, list.map((row) => h('tr', { 'data-line': row.line }, columns.map((column) => h('td', {}, column.cell(row))),
    h('td', {}, button(t('table.evidence'), () => app.showEvidence({ owner: row.owner.id, owned: row.owned.id, symbol: row.line }), { class: 'small', 'aria-label': t('table.evidenceOf', { owner: row.owner.name, owned: row.owned.name }) })))));
  /** @param {typeof COLUMNS[number]} column */
  function sortBy(column) {
    down = sorted === column.key && !down;
    sorted = column.key;
    const compare = (/** @type {Row} */ a, /** @type {Row} */ b) => {
      const [x, y] = [column.sort(a), column.sort(b)];
      return typeof x === 'number' && typeof y === 'number' ? x - y : collator.compare(String(x), String(y));
    };
    heads.forEach((th, i) => (columns[i] === column ? th.setAttribute('aria-sort', down ? 'descending' : 'ascending') : th.removeAttribute('aria-sort')));
    put([...rows].sort((a, b) => (down ? -compare(a, b) : compare(a, b))));
  }
  put(rows);
  return h('table', { id: 'ui-lines' }, h('caption', {}, t('table.caption', { n: rows.length })), h('thead', {}, h('tr', {}, heads, h('th', { scope: 'col' }, t('table.evidence')))), body);
}

/** @param {import('./types.js').Table} table */
function totals(table) {
  const head = ['table.owned', 'table.stated', 'table.undisclosed'].map((key) => h('th', { scope: 'col' }, t(key)));
  return h('table', { id: 'ui-totals' }, h('thead', {}, h('tr', {}, head)), h('tbody', {}, table.totals.map((one) => h('tr', {},
    h('th', { scope: 'row' }, name(one.owned.name)), h('td', {}, share(one.stated)), h('td', {}, share(one.not_disclosed))))));
}
