// Names are data: whatever they hold, nothing runs, nothing is asked elsewhere, nothing is kept.

import assert from 'node:assert/strict';
import { close, openPage } from './support.mjs';

const HOSTILE = /[<>]|javascript:|onerror|\{\{/i;

export const tests = {
  'hostile names do no harm': async (session) => {
    const page = await openPage(session, '?max_boxes=400');
    const names = await page.$$eval('svg.chart .box', (boxes) => boxes.map((box) => box.dataset.name));
    const hostile = names.filter((name) => HOSTILE.test(name));
    if (!hostile.length) { await close(session, page); return 'skipped: the data hold no such name'; }
    for (const name of hostile.slice(0, 40)) {
      await page.$$eval('svg.chart .box', (boxes, wanted) => boxes.find((box) => box.dataset.name === wanted).dispatchEvent(new MouseEvent('click', { bubbles: true })), name);
      await page.waitForFunction((wanted) => document.querySelector('#ui-panel h2')?.textContent.includes(wanted), name, { timeout: 5000 });
    }
    await page.fill('#ui-search', hostile[0].slice(0, 20));
    await page.waitForSelector('#ui-hits:not([hidden])');
    await page.click('#ui-to-table');
    await page.waitForSelector('#ui-lines');
    const made = await page.$$eval('script:not([src^="app/"]), iframe, object, embed, img, foreignObject, [onerror], [onload], [style*=expression]', (all) => all.map((one) => one.outerHTML));
    assert.deepEqual(made, []);
    await close(session, page);
    return `${hostile.length} names tried`;
  },

  'what a name hides is written out, and letters that only look alike are told of': async (session) => {
    const page = await openPage(session, '?max_boxes=400');
    const tell = async (name) => {
      await page.$$eval('svg.chart .box', (boxes, wanted) => boxes.find((box) => box.dataset.name === wanted)?.dispatchEvent(new MouseEvent('click', { bubbles: true })), name);
      await page.waitForTimeout(400);
      return (await page.textContent('#ui-panel')) ?? '';
    };
    const names = await page.$$eval('svg.chart .box', (boxes) => boxes.map((box) => box.dataset.name));
    if (!names.includes('Zero\u200bwidth')) { await close(session, page); return 'skipped: the data hold no such name'; }
    assert.match(await tell('a\u202emoc.knab\u202c'), /a⟦U\+202E⟧moc\.knab⟦U\+202C⟧/);
    assert.match(await tell('Zero\u200bwidth'), /Zero⟦U\+200B⟧width/);
    assert.match(await tell('\u2060'), /⟦U\+2060⟧/);
    assert.match(await tell('\u0410cme Ltd'), /MIXED SCRIPT/);
    await page.fill('#ui-search', 'cme Ltd');
    await page.waitForSelector('#ui-hits:not([hidden])');
    assert.match(await page.textContent('#ui-hits'), /MIXED SCRIPT/);
    const drawn = await page.$$eval('svg.chart text', (all) => all.map((one) => one.textContent).join(' '));
    assert.doesNotMatch(drawn, /[\u200b\u202a-\u202e\u2060\u2066-\u2069]/);
    await close(session, page);
    return '4 names tried';
  },

  'the token leaves the address, and no name is kept in the browser': async (session) => {
    const page = await openPage(session);
    assert.doesNotMatch(page.url(), /token/);
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage).filter((key) => !['cuibono.theme', 'cuibono.letters'].includes(key))), []);
    await close(session, page);
  },

  'without a session the page says what to do': async (session) => {
    const context = await session.browser.newContext();
    const page = await openPage(session, '', context);
    assert.match(await page.textContent('#ui-problem'), /Open the address that the program printed/);
    await context.close();
  },

  'an unknown party is an error in words': async (session) => {
    const page = await openPage(session, '?subject=nobody-of-this-id');
    assert.ok((await page.textContent('#ui-problem [role=alert]')).length > 5);
    await close(session, page);
  },

  'no violation of the policy, no request to others, no error': async ({ log }) => {
    assert.deepEqual(log.tripped, []);
    assert.deepEqual(log.strangers, []);
    assert.deepEqual(log.errors, []);
  },
};
