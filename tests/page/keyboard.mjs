// Everything by keyboard, and what is said aloud.

import assert from 'node:assert/strict';
import { close, live, openPage, picture, redrawn } from './support.mjs';

const VIEW = '?subject=nso-group-technologies-ltd&as_of=2021-05-31&up=1';
const focused = (page) => page.evaluate(() => ({ id: document.activeElement.dataset?.id ?? '', name: document.activeElement.getAttribute('aria-label') ?? '', element: document.activeElement.id }));

async function toChart(page) {
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => document.activeElement.closest('svg.chart') !== null)) return;
  }
  assert.fail('Tab does not reach the chart');
}

export const tests = {
  'the chart is one tab stop, arrows go along ownership': async (session) => {
    const page = await openPage(session, VIEW);
    await toChart(page);
    assert.equal(await page.$$eval('svg.chart [tabindex="0"]', (all) => all.length), 1);
    assert.equal((await focused(page)).id, 'nso-group-technologies-ltd');
    assert.match((await focused(page)).name, /NSO Group Technologies Ltd, company, IL/);
    await page.keyboard.press('ArrowUp');
    const owner = (await focused(page)).id;
    assert.notEqual(owner, 'nso-group-technologies-ltd');
    await page.keyboard.press('Home');
    assert.equal((await focused(page)).id, 'nso-group-technologies-ltd');
    await page.keyboard.press('ArrowDown');
    const owned = (await focused(page)).id;
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    assert.notEqual(owned, 'nso-group-technologies-ltd');
    await page.keyboard.press('Home');
    await page.keyboard.press('l');
    assert.match((await focused(page)).name, /NSO Group/);
    await page.keyboard.press('Enter');
    await page.waitForSelector('#ui-panel .card');
    await page.waitForFunction(() => document.activeElement.matches('#ui-panel h2'));
    await page.keyboard.press('Escape');
    assert.match((await focused(page)).name, /NSO Group/, 'Escape leads back to the chart');
    await close(session, page);
  },

  'letters expand, hide, undo, open the table and the help': async (session) => {
    const page = await openPage(session, VIEW);
    await toChart(page);
    const before = (await picture(page)).length;
    for (let i = 0; i < 12 && !/^Triangle/.test((await focused(page)).name); i += 1) await page.keyboard.press('l');
    assert.match((await focused(page)).name, /^Triangle Holdings S.A. controls NSO/, 'L goes from line to line');
    await page.keyboard.press('ArrowUp');
    const at = (await focused(page)).id;
    assert.equal(at, 'triangle-holdings-sa', 'from a line, up leads to its owner');
    assert.match((await focused(page)).name, /more owner/);
    await redrawn(page, () => page.keyboard.press('e'));
    assert.ok((await picture(page)).length > before);
    assert.equal((await focused(page)).id, at, 'the focus stays on the party');
    assert.match(await live(page), /added/);
    await redrawn(page, () => page.keyboard.press('Control+z'));
    assert.equal((await picture(page)).length, before);
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await redrawn(page, () => page.keyboard.press('h'));
    assert.equal((await picture(page)).length, before - 1);
    assert.match(await live(page), /no longer shown/);
    await page.keyboard.press('t');
    await page.waitForSelector('#ui-lines tbody tr');
    await page.keyboard.press('t');
    await page.waitForSelector('#ui-stage svg', { state: 'visible' });
    await page.keyboard.press('?');
    await page.waitForSelector('#ui-dialog[open]');
    await page.keyboard.press('Escape');
    await page.waitForSelector('#ui-dialog', { state: 'hidden' });
    await page.keyboard.press('/');
    await page.waitForFunction(() => document.activeElement.id === 'ui-search', null, { timeout: 3000 });
    await close(session, page);
  },

  'search and path by keyboard alone': async (session) => {
    const page = await openPage(session, VIEW);
    await page.keyboard.press('/');
    await page.keyboard.type('peel');
    await page.waitForSelector('#ui-hits [aria-selected=true]');
    const first = await page.getAttribute('#ui-search', 'aria-activedescendant');
    await page.keyboard.press('ArrowDown');
    assert.notEqual(await page.getAttribute('#ui-search', 'aria-activedescendant'), first);
    await page.keyboard.press('Escape');
    assert.equal(await page.getAttribute('#ui-search', 'aria-expanded'), 'false');
    await page.keyboard.press('ArrowDown');
    await page.waitForSelector('#ui-hits [aria-selected=true]');
    await redrawn(page, () => page.keyboard.press('Enter'));
    assert.match(page.url(), /subject=(yana|stephen)-peel/);
    await page.evaluate(() => document.activeElement.blur());
    await toChart(page);
    await page.keyboard.press('g');
    await page.keyboard.type('noal scsp');
    await page.waitForSelector('#ui-party-hits [aria-selected=true]');
    await redrawn(page, () => page.keyboard.press('Enter'));
    assert.match(page.url(), /path_to=noal-scsp/);
    await close(session, page);
  },

  'single letters can be switched off': async (session) => {
    const page = await openPage(session, VIEW);
    await page.keyboard.press('?');
    await page.getByRole('checkbox', { name: /Single letters/ }).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Escape');
    await page.waitForSelector('#ui-dialog', { state: 'hidden' });
    await page.keyboard.press('t');
    await page.waitForTimeout(200);
    assert.ok(await page.isHidden('#ui-table'));
    await page.click('#ui-help');
    await page.getByRole('checkbox', { name: /Single letters/ }).check();
    await close(session, page);
  },
};
