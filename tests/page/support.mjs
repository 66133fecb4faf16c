// What the browser tests share: one browser, one session, and a log of everything that must not happen.

import { createRequire } from 'node:module';
import path from 'node:path';

const modules = process.env.CUIBONO_NODE_MODULES ?? process.env.NODE_PATH;
if (!modules) throw new Error('CUIBONO_NODE_MODULES must name the folder that holds playwright-core and axe-core');
export const load = createRequire(path.join(path.resolve(modules), 'x.js'));
const { chromium } = load('playwright-core');

/** Runs before any script of a page: what a hostile name would set off leaves a trace here. */
function tripwire() {
  window.tripped = [];
  document.addEventListener('securitypolicyviolation', (event) => window.tripped.push(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
  for (const name of ['alert', 'confirm', 'prompt', 'open']) {
    window[name] = () => { window.tripped.push(`${name} called`); };
  }
}

export async function begin(address) {
  const base = new URL(address);
  const browser = await chromium.launch({ executablePath: process.env.CUIBONO_BROWSER ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, acceptDownloads: true });
  const log = { strangers: [], errors: [], tripped: [] };
  const watch = (one) => {
    one.on('request', (request) => { if (!request.url().startsWith('data:') && new URL(request.url()).origin !== base.origin) log.strangers.push(request.url()); });
    one.on('page', (page) => {
      page.on('pageerror', (error) => log.errors.push(String(error.stack ?? error)));
      page.on('console', (message) => { if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) log.errors.push(message.text()); });
      page.on('dialog', (dialog) => { log.tripped.push(`dialog ${dialog.message()}`); dialog.dismiss(); });
    });
  };
  watch(context);
  await context.addInitScript(tripwire);
  const first = await context.newPage();
  await first.goto(address);
  await drawn(first);
  const about = await first.evaluate(async () => (await fetch('api/v1/about')).json());
  await first.close();
  return { base: base.origin, browser, context, log, about };
}

/** Waits until the page has answered everything it was asked. */
export async function drawn(page) {
  await page.waitForSelector('svg.chart .box, #ui-problem:not(:empty)', { timeout: 20000, state: 'attached' });
  await page.waitForSelector('#ui-main[aria-busy=false]', { timeout: 20000 });
}

/** Does something that draws a new chart, and waits for it. */
export async function redrawn(page, act) {
  const answer = page.waitForResponse((response) => response.url().includes('/api/v1/chart'), { timeout: 20000 });
  await act();
  await answer;
  await drawn(page);
  await page.waitForTimeout(60);
}

/** Waits until nothing moves: the details are there, and the drawing has its final size. */
export async function settled(page) {
  await page.waitForSelector('#ui-panel[aria-busy=false]', { state: 'attached', timeout: 5000 }).catch(() => null);
  await page.waitForFunction(() => {
    const now = document.querySelector('svg.chart')?.getAttribute('viewBox') ?? '';
    const since = window.still?.box === now ? window.still.since : performance.now();
    window.still = { box: now, since };
    return performance.now() - since > 200;
  }, null, { polling: 50, timeout: 10000 });
}

export async function openPage(session, query = '', context = session.context) {
  const page = await context.newPage();
  await page.goto(`${session.base}/${query}`);
  await drawn(page);
  await settled(page);
  return page;
}

export async function close(session, page) {
  session.log.tripped.push(...(await page.evaluate(() => window.tripped ?? [])));
  await page.close();
}

/** Every box with where it stands, in words that can be compared. */
export function picture(page) {
  return page.$$eval('svg.chart .box', (boxes) => boxes.map((box) => {
    const shape = box.querySelector('rect, polygon').getBBox();
    return { id: box.dataset.id, x: Math.round(shape.x + shape.width / 2), y: Math.round(shape.y) };
  }));
}

/** Where on the screen a box stands. */
export function onScreen(page, id) {
  return page.$eval(`svg.chart .box[data-id="${id}"] > :is(rect, polygon)`, (shape) => { const { x, y, width, height } = shape.getBoundingClientRect(); return { x: x + width / 2, y: y + height / 2, width }; });
}

export async function clickBox(page, id) {
  const at = await onScreen(page, id);
  // A button of the stage may lie over the box: a hand would move the drawing first.
  const free = await page.evaluate(([x, y]) => document.elementFromPoint(x, y)?.closest('svg.chart') !== null, [at.x, at.y]);
  if (free) await page.mouse.click(at.x, at.y);
  else await page.$eval(`svg.chart .box[data-id="${id}"]`, (box) => box.dispatchEvent(new MouseEvent('click', { bubbles: true })));
  await page.waitForSelector(`svg.chart .box.chosen[data-id="${id}"]`, { state: 'attached', timeout: 5000 });
  await settled(page);
}

/** Clicks in the middle of a line, where a hand would. */
export async function clickLine(page, symbol) {
  const at = await page.$eval(`svg.chart #${symbol} path.reach`, (path) => {
    const point = path.getPointAtLength(path.getTotalLength() / 2);
    const { x, y } = new DOMPoint(point.x, point.y).matrixTransform(path.getScreenCTM());
    return { x, y };
  });
  await page.mouse.click(at.x, at.y);
}

export async function setDay(page, day) {
  await redrawn(page, () => page.fill('#ui-date', day).then(() => page.dispatchEvent('#ui-date', 'change')));
}

export const live = (page) => page.textContent('#ui-live');
