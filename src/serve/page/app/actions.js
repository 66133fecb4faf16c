// @ts-check
// What a user does with a party of the chart. Each action is one step of undo.

import { announce } from './dom.js';
import { choose, chooseParty } from './dialogs.js';
import { t } from './messages.js';
import { parse, places, toggled } from './state.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./types.js').Box} Box */

const MANY = 30;
// What the server adds of a crowd for each time that the party is named, the largest first; and the boxes of a chart that names no number.
const STEP = 12;
const ROOM = 150;

/** The places of all boxes: with them the next chart leaves everything where it is. @param {App} app */
const kept = (app) => ({ keep: places(app.chart) });

/** Draws those owners or holdings of a party that are not on the chart; asks where they are many.
 * @param {App} app @param {Box} box @param {'owners'|'holdings'} side */
export async function expand(app, box, side) {
  if (box.stack) { await open(app, box); return; }
  const more = side === 'owners' ? box.more_owners : box.more_holdings;
  if (!more) { announce(t('expand.nothing')); return; }
  const all = Math.ceil(more / STEP);
  const steps = more > MANY ? await askSteps(box, more, all) : all;
  if (!steps) return;
  const { view } = app.store;
  const key = side === 'owners' ? 'expand_owners' : 'expand_holdings';
  const boxes = (app.chart?.boxes.length ?? 0) + Math.min(more, steps * STEP);
  const room = boxes > (Number(view.max_boxes) || ROOM) ? { max_boxes: String(boxes) } : {};
  app.store.commit({ [key]: [...view[key], ...Array(steps).fill(box.id)], ...room, ...kept(app) });
}

/** @param {Box} box @param {number} more @param {number} all @returns {Promise<number>} */
async function askSteps(box, more, all) {
  const choices = { [t('expand.largest', { n: STEP })]: '1', [t('expand.all', { n: more })]: String(all) };
  return Number(await choose(t('expand.title'), t('expand.ask', { n: more, name: box.name }), choices));
}

/** Opens a stack: more of the crowd that it stands for. @param {App} app @param {Box} stack */
async function open(app, stack) {
  const line = app.chart?.lines.find((one) => one.owner === stack.id || one.owned === stack.id);
  const party = app.chart?.boxes.find((one) => !one.stack && (one.id === line?.owner || one.id === line?.owned));
  if (line && party) await expand(app, party, line.owner === stack.id ? 'owners' : 'holdings');
}

/** @param {App} app @param {Box} box */
export function hide(app, box) {
  // A chart without the party that it is about would be empty.
  if (box.stack || box.subject) return;
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
