// Automatic checks of accessibility, reflow, and settings of the system.

import assert from 'node:assert/strict';
import { drawn, load, openPage } from './support.mjs';

const VIEW = '?subject=nso-group-technologies-ltd&as_of=2021-05-31';

/** axe makes elements in ways that the policy of the page forbids, so its pages run without the policy. */
async function checked(session, setting, prepare, query = VIEW) {
  const context = await session.browser.newContext({ bypassCSP: true, viewport: { width: 1400, height: 900 }, ...setting });
  await context.addCookies(await session.context.cookies());
  const page = await openPage(session, query, context);
  await prepare(page);
  await page.waitForTimeout(400);
  await page.evaluate(load('axe-core').source);
  const result = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  await context.close();
  const told = (one) => `${one.impact} ${one.id}: ${one.help}; ${one.nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary ?? ''}`).join(' | ')}`;
  for (const one of result.violations) if (!/serious|critical/.test(one.impact)) console.log(`      note: ${told(one)}`);
  assert.deepEqual(result.violations.filter((one) => /serious|critical/.test(one.impact)).map(told), []);
}

const panel = (page) => page.waitForSelector('#ui-panel tbody tr');
const table = async (page) => { await page.click('#ui-to-table'); await page.waitForSelector('#ui-lines tbody tr'); };

export const tests = {
  'axe: light, panel open': (session) => checked(session, { colorScheme: 'light' }, panel),
  'axe: dark, panel open': (session) => checked(session, { colorScheme: 'dark' }, panel),
  'axe: light, table': (session) => checked(session, { colorScheme: 'light' }, table),
  'axe: dark, table': (session) => checked(session, { colorScheme: 'dark' }, table),
  'axe: search open': (session) => checked(session, {}, async (page) => { await page.fill('#ui-search', 'n'); await page.waitForSelector('#ui-hits [role=option]'); }),
  'axe: filters open': (session) => checked(session, {}, (page) => page.locator('.menu summary').click()),
  'axe: export dialog': (session) => checked(session, {}, (page) => page.click('#ui-export')),
  'axe: help dialog, dark': (session) => checked(session, { colorScheme: 'dark' }, (page) => page.click('#ui-help')),
  'axe: evidence, dark': (session) => checked(session, { colorScheme: 'dark' }, async (page) => { await panel(page); await page.locator('#ui-panel tbody button').first().click(); await page.waitForSelector('#ui-panel .card'); }),
  'axe: narrow': (session) => checked(session, { viewport: { width: 390, height: 844 } }, async () => {}),

  'no sideways scrolling at 320 pixels, the width of 400 % zoom': async (session) => {
    const page = await session.context.newPage();
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(`${session.base}/${VIEW}`);
    await drawn(page);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 320), `page is ${await page.evaluate(() => document.documentElement.scrollWidth)} wide`);
    await page.close();
  },

  'buttons are large enough to hit': async (session) => {
    const page = await openPage(session, VIEW);
    await panel(page);
    const small = await page.$$eval('button, select, input, summary', (all) => all.filter((one) => one.checkVisibility()).map((one) => {
      const frame = (one.closest('label') ?? one).getBoundingClientRect();
      return { text: one.textContent || one.id, width: frame.width, height: frame.height };
    }).filter((frame) => frame.width < 24 || frame.height < 24));
    assert.deepEqual(small, []);
    await page.close();
  },

  'forced colours and high contrast keep the drawing visible': async (session) => {
    const page = await openPage(session, VIEW);
    await page.emulateMedia({ forcedColors: 'active' });
    const stroke = await page.$eval('svg.chart .line.ownership path:not(.reach)', (path) => getComputedStyle(path).stroke);
    const paper = await page.$eval('body', (body) => getComputedStyle(body).backgroundColor);
    assert.notEqual(stroke, paper);
    await page.close();
  },

  'print brings title, legend and numbered sources': async (session) => {
    const page = await openPage(session, VIEW);
    await page.emulateMedia({ media: 'print' });
    const visible = await page.$$eval('#ui-stage :is(#header, #legend, #notes)', (all) => all.map((one) => getComputedStyle(one).visibility));
    assert.deepEqual(visible, ['visible', 'visible', 'visible']);
    assert.ok(await page.isHidden('#ui-top'));
    await page.close();
  },
};
