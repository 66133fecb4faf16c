// @ts-check
// What a user does with a party of the chart. Each action is one step of undo.

import { announce } from './dom.js';
import { choose, chooseParty } from './dialogs.js';
import { t } from './messages.js';
import { parse, places, toggled } from './state.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./types.js').Box} Box */

const MANY = 30;

/** The places of all boxes: with them the next chart leaves everything where it is. @param {App} app */
const kept = (app) => ({ keep: places(app.chart) });

/** @param {App} app @param {Box} box @param {'owners'|'holdings'} side */
export async function expand(app, box, side) {
  const more = side === 'owners' ? box.more_owners : box.more_holdings;
  if (box.stack) { unstack(app); return; }
  if (!more) { announce(t('expand.nothing')); return; }
  const room = await roomFor(app, box, more);
  if (room === null) return;
  const { view } = app.store;
  if (side === 'owners') app.store.commit({ expand_owners: [...new Set([...view.expand_owners, box.id])], ...room, ...kept(app) });
  else app.store.commit({ expand_holdings: [...new Set([...view.expand_holdings, box.id])], ...room, ...kept(app) });
}

/** How many boxes the next chart may have; null where the user thought better of it. @param {App} app @param {Box} box @param {number} more */
async function roomFor(app, box, more) {
  if (more <= MANY) return {};
  const shown = app.chart?.boxes.length ?? 0;
  const answer = await choose(t('expand.title'), t('expand.ask', { n: more, name: box.name }), {
    [t('expand.largest', { n: MANY })]: String(shown + MANY), [t('expand.all', { n: more })]: String(shown + more + 1),
  });
  return answer ? { max_boxes: answer } : null;
}

/** @param {App} app */
function unstack(app) {
  const boxes = app.chart?.boxes.length ?? 0;
  app.store.commit({ max_boxes: String(Math.max(boxes, Number(app.store.view.max_boxes) || 0) + MANY), ...kept(app) });
}

/** @param {App} app @param {Box} box */
export function hide(app, box) {
  if (box.stack) return;
  app.store.commit({ hide: [...app.store.view.hide, box.id], ...kept(app) });
}

/** @param {App} app @param {Box} box */
export function pin(app, box) {
  if (box.stack) return;
  app.store.commit({ pin: toggled(app.store.view.pin, box.id), ...kept(app) });
}

/** Only a party and everybody above and below it. @param {App} app @param {Box} box */
export function isolate(app, box) {
  if (!app.chart) return;
  const near = new Set([...reach(app.chart.lines, box.id, 'owned', 'owner'), ...reach(app.chart.lines, box.id, 'owner', 'owned')]);
  const others = app.chart.boxes.filter((one) => !one.stack && !near.has(one.id)).map((one) => one.id);
  app.store.commit({ hide: [...new Set([...app.store.view.hide, ...others])], ...kept(app) });
}

/** @param {import('./types.js').Line[]} lines @param {string} start @param {'owner'|'owned'} from @param {'owner'|'owned'} to */
function reach(lines, start, from, to) {
  const found = new Set([start]);
  for (const id of found) for (const line of lines) if (line[from] === id) found.add(line[to]);
  return found;
}

/** @param {App} app @param {Box} box */
export async function path(app, box) {
  const other = await chooseParty(t('path.title'), t('path.from', { name: box.name }));
  if (!other || other.id === box.id) return;
  app.names.set(other.id, other.name);
  app.store.commit({ ...cleared(app), subject: box.id, path_to: other.id });
}

/** @param {App} app @param {string} id */
export function focusOn(app, id) {
  app.store.commit({ ...cleared(app), subject: id });
}

/** Boxes go where the layout puts them, but pinned ones stay. @param {App} app */
export function tidy(app) {
  app.store.commit({ keep: places(app.chart, (id) => app.store.view.pin.includes(id)) });
}

/** @param {App} app */
export function reset(app) {
  app.store.commit({ ...parse(''), subject: app.store.view.subject || app.about.subject?.id || '', show: app.store.view.show });
}

/** What belongs to the old subject's chart goes; the day and the filters stay. @param {App} app */
function cleared(app) {
  const { as_of, layer, min_share, only_control, min_confidence, history, show, listed } = app.store.view;
  return { ...parse(''), as_of, layer, min_share, only_control, min_confidence, history, show, listed };
}
