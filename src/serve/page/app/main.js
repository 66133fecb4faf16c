// @ts-check
// Puts the parts together: one view, one chart of it, and what shows both.

import { expand, focusOn, hide, path, pin } from './actions.js';
import { ApiError, get, latest, openSession } from './api.js';
import { ChartView } from './chart.js';
import * as dialogs from './dialogs.js';
import { announce, button, byId, fill, h } from './dom.js';
import { exportDialog } from './exports.js';
import { createFilters } from './filters.js';
import { about, count } from './format.js';
import { chartKeys, pageKeys } from './keys.js';
import { t, translatePage } from './messages.js';
import { createPanel } from './panel.js';
import { combobox } from './search.js';
import { Store, parse, toQuery } from './state.js';
import { showTable } from './table.js';
import { themeSwitch } from './theme.js';
import { createTime } from './time.js';
import { createToolbar } from './toolbar.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./types.js').Box} Box */
/** @typedef {import('./types.js').Chart} Chart */

/** @param {import('./types.js').About} facts */
function start(facts) {
  const ask = latest();
  const store = new Store(() => { render(); });
  const view = new ChartView(byId('ui-stage'), {
    box: (box) => app.select(box),
    line: (line) => app.showEvidence(line),
    empty: () => panel.close(),
  });
  /** @type {App} */
  const app = {
    store, about: facts, chart: null, selected: null, names: new Map(),
    select: (box) => { choose(box); return box.stack ? panel.stack(box) : panel.party(box.id); },
    showEvidence: (line) => { const symbol = line.symbol ?? lineOf(app.chart, line); view.mark(symbol); return panel.evidence(line); },
    showParty: (id) => panel.party(id),
  };
  const panel = createPanel(app);
  const toolbar = createToolbar(app);
  const time = createTime(app);
  const filters = createFilters(app);

  /** @param {Box|null} box */
  const choose = (box) => { app.selected = box; view.mark(box?.symbol ?? null); toolbar.update(); };

  /** The question that the drawn chart answers, and whose chart it is. */
  let drawn = { query: '', subject: '', path: '' };

  const render = async () => {
    const { view: wanted } = store;
    const query = toQuery(wanted, true);
    showMode(wanted.show === 'table');
    byId('ui-main').setAttribute('aria-busy', 'true');
    try {
      const chart = query === drawn.query && app.chart ? app.chart : await ask('chart', query);
      if (chart) draw(chart, query);
    } catch (error) {
      failed(/** @type {Error} */ (error));
    }
    byId('ui-main').setAttribute('aria-busy', 'false');
  };

  /** @param {Chart} chart @param {string} query */
  const draw = (chart, query) => {
    const { view: wanted } = store;
    const before = app.chart;
    const same = drawn.subject === wanted.subject && drawn.path === wanted.path_to;
    const anchor = app.selected && chart.boxes.some((box) => box.id === app.selected?.id) ? app.selected.id : wanted.subject;
    app.chart = chart;
    fill(byId('ui-problem'));
    for (const box of chart.boxes) app.names.set(box.id, box.name);
    view.draw(chart, { keepCamera: same && before !== null, anchor, pinned: wanted.pin });
    drawn = { query, subject: wanted.subject, path: wanted.path_to };
    const chosen = chart.boxes.find((box) => box.id === app.selected?.id);
    if (app.selected?.stack && !chosen) panel.close();
    choose(chosen ?? view.subject());
    document.title = t('page.title', { name: chart.title });
    tell(before, chart, same);
    filters.update();
    time.update();
    if (wanted.show === 'table') showTable(app, byId('ui-table'));
    if (!same && wanted.path_to) panel.paths(wanted.subject, wanted.path_to);
    else if (!same && wanted.subject && !narrow()) panel.party(wanted.subject);
  };

  /** @param {Error} error */
  const failed = (error) => {
    const candidates = error instanceof ApiError ? error.candidates : [];
    app.chart = null;
    drawn = { query: '', subject: '', path: '' };
    view.clear();
    choose(null);
    fill(byId('ui-problem'), h('p', { role: 'alert' }, error.message),
      h('ul', {}, candidates.map((one) => h('li', {}, button(`${one.name} · ${about(one)}`, () => focusOn(app, one.id))))));
  };

  if (narrow()) byId('ui-legend-box').removeAttribute('open');
  wire(app, view, panel);
  if (!location.search && facts.subject) store.begin({ ...parse(''), subject: facts.subject.id });
  if (facts.subject) app.names.set(facts.subject.id, facts.subject.name);
  if (store.view.subject || location.search || facts.entities <= 150) render();
  else { fill(byId('ui-problem'), h('p', {}, t('page.empty'))); byId('ui-main').setAttribute('aria-busy', 'false'); }
}

/** @param {Chart|null} chart @param {{owner: string, owned: string}} line */
function lineOf(chart, line) {
  return chart?.lines.find((one) => one.owner === line.owner && one.owned === line.owned)?.symbol ?? null;
}

/** Says what a step has changed, for those who do not see it. @param {Chart|null} before @param {Chart} now @param {boolean} same */
function tell(before, now, same) {
  const size = t('status.shown', { shown: count(now.shown), total: count(now.total) });
  if (!before || !same) { announce(`${now.title}. ${size}`); return; }
  const had = new Set(before.boxes.map((box) => box.id));
  const have = new Set(now.boxes.map((box) => box.id));
  const added = now.boxes.filter((box) => !had.has(box.id));
  const gone = before.boxes.filter((box) => !have.has(box.id)).length;
  const names = added.slice(0, 3).map((box) => box.name).join(', ');
  announce([added.length > 0 && `${t('announce.added', { n: added.length })}: ${names}`, gone > 0 && t('announce.gone', { n: gone }), size, now.omissions.length > 0 && t('announce.omitted', { n: now.omissions.length })].filter(Boolean).join('. '));
}

/** @param {boolean} table */
function showMode(table) {
  byId('ui-stage-box').hidden = table;
  byId('ui-table').hidden = !table;
  byId('ui-to-table').setAttribute('aria-pressed', String(table));
  byId('ui-to-chart').setAttribute('aria-pressed', String(!table));
}

function narrow() {
  return window.matchMedia('(max-width: 60rem)').matches;
}

/** @param {App} app @param {ChartView} view @param {{close: () => void}} panel */
function wire(app, view, panel) {
  const input = /** @type {HTMLInputElement} */ (byId('ui-search'));
  const table = (/** @type {boolean} */ on) => app.store.commit({ show: on ? 'table' : '' });
  const on = (/** @type {string} */ id, /** @type {() => void} */ click) => byId(id).addEventListener('click', click);
  combobox(input, byId('ui-hits'), (match) => { app.names.set(match.entity.id, match.entity.name); focusOn(app, match.entity.id); });
  on('ui-to-table', () => table(true));
  on('ui-to-chart', () => table(false));
  on('ui-export', () => exportDialog(app));
  on('ui-help', () => dialogs.help());
  on('ui-data', () => dialogs.data(app));
  on('ui-all', () => app.store.commit({ ...parse(''), as_of: app.store.view.as_of, max_boxes: '150' }));
  on('ui-zoom-in', () => view.camera.zoom(1.3));
  on('ui-zoom-out', () => view.camera.zoom(1 / 1.3));
  on('ui-fit', () => view.camera.fit());
  for (const [id, x, y] of /** @type {[string, number, number][]} */ ([['ui-left', -120, 0], ['ui-right', 120, 0], ['ui-up', 0, -120], ['ui-down', 0, 120]])) on(id, () => view.camera.pan(x, y));
  /** @type {Record<string, (box: Box) => unknown>} */
  const letters = {
    e: (box) => expand(app, box, 'owners'), E: (box) => expand(app, box, 'holdings'),
    h: (box) => hide(app, box), p: (box) => pin(app, box), g: (box) => path(app, box),
  };
  chartKeys(view, {
    letter: (key, box) => { if (!Object.hasOwn(letters, key)) return false; app.selected = box; letters[key](box); return true; },
    open: async (symbol) => {
      const box = view.boxes.get(symbol);
      const line = view.lines.get(symbol);
      await (box ? app.select(box) : line && app.showEvidence(line));
      /** @type {HTMLElement|null} */ (byId('ui-panel').querySelector('h2'))?.focus();
    },
  });
  pageKeys({ '/': () => input.focus(), t: () => table(app.store.view.show !== 'table'), '?': () => dialogs.help() },
    { undo: () => app.store.undo(), redo: () => app.store.redo() });
  byId('ui-panel').addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    panel.close();
    view.goTo(view.stop);
  });
  const facts = app.about;
  fill(byId('ui-data'), h('bdi', {}, facts.inputs.slice(0, 2).map((one) => one.name.split(/[\\/]/).pop()).join(', ') + (facts.inputs.length > 2 ? ', …' : '')), ` · ${t('data.line', { entities: count(facts.entities), interests: count(facts.interests), sources: count(facts.sources) })}`, facts.warnings ? ` · ${t('data.warnings', { n: facts.warnings })}` : '');
}

async function boot() {
  translatePage();
  themeSwitch(byId('ui-theme'));
  try {
    await openSession();
    start(await get('about'));
  } catch (error) {
    const text = error instanceof ApiError && error.status === 401 ? t('page.noSession') : String(/** @type {Error} */ (error).message);
    fill(byId('ui-problem'), h('p', { role: 'alert' }, text));
    byId('ui-main').setAttribute('aria-busy', 'false');
  }
}

boot();
