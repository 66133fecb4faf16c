// @ts-check
// The day that the chart shows: slider with the days on which something changed, steps from change to change.

import { latest } from './api.js';
import { open } from './dialogs.js';
import { announce, button, byId, fill, h } from './dom.js';
import { date, fromNumber, toNumber } from './format.js';
import { t } from './messages.js';
import { places } from './state.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./types.js').Days} Days */
/** @typedef {{date: string, events: string[]}} Change */

const WAIT = 250;
const PACE = 1600;

/** The first day of what may be a year or a month. @param {string} text */
function firstDay(text) {
  return `${text}-01-01`.slice(0, 10);
}

/** One entry for each day; a year and its first day are the same place on the slider. @param {Days} answer @returns {Change[]} */
function changesOf(answer) {
  /** @type {Map<string, string[]>} */ const days = new Map();
  for (const { date: text, events } of answer.days) {
    const day = firstDay(text);
    if (!Number.isNaN(Date.parse(day))) days.set(day, [...(days.get(day) ?? []), ...events.map((event) => (typeof event === 'string' ? event : event.text))]);
  }
  return [...days].sort().map(([day, events]) => ({ date: day, events }));
}

/** @param {App} app */
export function createTime(app) {
  const slider = /** @type {HTMLInputElement} */ (byId('ui-day'));
  const exact = /** @type {HTMLInputElement} */ (byId('ui-date'));
  const compare = /** @type {HTMLInputElement} */ (byId('ui-compare'));
  const beside = /** @type {HTMLInputElement} */ (byId('ui-beside'));
  const ghosts = /** @type {HTMLInputElement} */ (byId('ui-history'));
  const play = byId('ui-play');
  const ask = latest();
  /** @type {Change[]} */ let days = [];
  let subject = '';
  let timer = 0;
  let playing = 0;

  const today = /^\d{4}-\d\d-\d\d$/.test(app.about.as_of) ? app.about.as_of : fromNumber(Date.now() / 86_400_000);
  const now = () => (/^\d{4}-/.test(app.store.view.as_of) ? firstDay(app.store.view.as_of) : today);
  const go = (/** @type {string} */ day) => app.store.commit({ as_of: day === app.about.as_of ? '' : day, keep: places(app.chart) });
  const changes = () => days.map((one) => one.date);
  const next = () => changes().find((day) => day > now());
  const previous = () => changes().filter((day) => day < now()).at(-1);
  const stop = () => { clearInterval(playing); playing = 0; play.textContent = t('time.play'); play.setAttribute('aria-pressed', 'false'); };

  const label = (/** @type {string} */ day) => {
    const words = date(day);
    fill(byId('ui-as-at'), t('time.asAt', { date: words }));
    slider.setAttribute('aria-valuetext', words);
    const events = days.find((one) => one.date === day)?.events ?? [];
    fill(byId('ui-events'),
      events.length > 0 && button(t('time.events', { n: events.length }), () => open(words, [h('ul', {}, events.map((text) => h('li', { dir: 'auto' }, text)))]), { class: 'plain' }),
      events.length > 0 && h('span', { dir: 'auto' }, events[0]));
    return events;
  };
  const tellStep = (/** @type {string|undefined} */ day) => {
    if (!day) { announce(t('time.noChange')); return; }
    go(day);
    announce([date(day), ...label(day)].join('. '));
  };

  slider.addEventListener('input', () => {
    label(fromNumber(slider.valueAsNumber));
    clearTimeout(timer);
    // The arrows of the keyboard and a moving hand pass many days; only where they rest is a chart asked for.
    timer = window.setTimeout(() => go(fromNumber(slider.valueAsNumber)), WAIT);
  });
  exact.addEventListener('change', () => { if (exact.value) go(exact.value); });
  compare.addEventListener('change', () => app.store.commit({ compare_to: compare.value, side_by_side: compare.value && beside.checked ? '1' : '', history: '' }));
  beside.addEventListener('change', () => app.store.commit({ side_by_side: beside.checked && compare.value ? '1' : '' }));
  ghosts.addEventListener('change', () => app.store.commit({ history: ghosts.checked ? '1' : '', compare_to: '', side_by_side: '', keep: places(app.chart) }));
  byId('ui-previous').addEventListener('click', () => tellStep(previous()));
  byId('ui-next').addEventListener('click', () => tellStep(next()));
  byId('ui-today').addEventListener('click', () => go(today));
  play.addEventListener('click', () => {
    if (playing) { stop(); return; }
    play.textContent = t('time.stop');
    play.setAttribute('aria-pressed', 'true');
    if (!next()) go(changes()[0] ?? now());
    playing = window.setInterval(() => { const day = next(); if (day) go(day); else stop(); }, PACE);
  });

  const marks = () => {
    const [low, high] = [Number(slider.min), Number(slider.max)];
    fill(byId('ui-marks'), changes().map((day) => {
      const mark = h('span');
      mark.style.insetInlineStart = `${((toNumber(day) - low) / Math.max(1, high - low)) * 100}%`;
      return mark;
    }));
  };
  const range = () => {
    const first = [days[0]?.date ?? '2000-01-01', now()].sort()[0];
    slider.min = String(toNumber(first));
    slider.max = String(toNumber([days.at(-1)?.date ?? '', today, now()].sort()[2]));
    slider.value = String(toNumber(now()));
    fill(byId('ui-first'), first.slice(0, 4));
    marks();
    label(now());
  };

  return {
    update: async () => {
      const { view } = app.store;
      exact.value = now();
      compare.value = view.compare_to;
      beside.checked = view.side_by_side !== '';
      beside.disabled = !view.compare_to;
      ghosts.checked = view.history !== '';
      range();
      if (view.subject === subject) return;
      subject = view.subject;
      const answer = subject ? await ask('days', { id: subject }).catch(() => null) : null;
      days = answer ? changesOf(answer) : [];
      range();
    },
  };
}
