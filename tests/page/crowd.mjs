// Crowds and circles; hostile.csv holds both.

import assert from 'node:assert/strict';
import { close, openPage, picture, redrawn } from './support.mjs';

const clickOn = (page, selector) => page.$eval(selector, (box) => box.dispatchEvent(new MouseEvent('click', { bubbles: true })));

async function expand(page, answer) {
  await page.locator('#ui-actions button').first().click();
  await page.waitForSelector('#ui-dialog[open]');
  assert.match(await page.textContent('#ui-dialog'), /Big SE has \d+ more/);
  await redrawn(page, () => page.locator('#ui-dialog button.main', { hasText: answer }).click());
}

export const tests = {
  'a crowd asks before it is drawn, and a stack can be opened': async (session) => {
    const page = await openPage(session, '?subject=Big+SE&up=0');
    if (await page.$('#ui-problem [role=alert]')) { await close(session, page); return 'skipped: the data hold no Big SE'; }
    await expand(page, 'largest first');
    const few = (await picture(page)).length;
    assert.ok(few > 5 && few < 40);
    await clickOn(page, 'svg.chart .box.stack');
    assert.match(await page.textContent('#ui-panel'), /more owners of Big SE/);
    await expand(page, 'All');
    assert.ok((await picture(page)).length >= 60);
    assert.equal(await page.locator('svg.chart .box.stack').count(), 0);
    await redrawn(page, () => page.keyboard.press('Control+z'));
    assert.equal((await picture(page)).length, few);
    await close(session, page);
  },

  'a circle is marked, and its members are listed': async (session) => {
    const page = await openPage(session, '?subject=Cycle+A');
    if (await page.$('#ui-problem [role=alert]')) { await close(session, page); return 'skipped: the data hold no Cycle A'; }
    assert.ok(await page.$('svg.chart .box.in-circle'));
    await page.waitForFunction(() => /Circles of ownership.*Cycle A ↔ Cycle B/.test(document.querySelector('#ui-panel').textContent));
    await close(session, page);
  },
};
