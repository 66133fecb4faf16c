// Pictures of the page for people to look at, and how long it takes.

import path from 'node:path';
import { clickBox, close, drawn, redrawn, settled } from './support.mjs';

const VIEW = '?subject=nso-group-technologies-ltd&as_of=2021-05-31';
const DESK = { width: 1600, height: 950 };

const shots = {
  light: { size: DESK, scheme: 'light', prepare: async (page) => { await page.fill('#ui-search', 'nov'); await page.waitForSelector('#ui-hits [role=option]'); } },
  dark: { size: DESK, scheme: 'dark' },
  evidence: { size: DESK, scheme: 'light', prepare: async (page) => { await page.locator('#ui-panel tbody button').first().click(); await page.waitForSelector('#ui-panel .card'); } },
  table: { size: DESK, scheme: 'dark', query: `${VIEW}&show=table`, prepare: (page) => page.waitForSelector('#ui-lines tbody tr') },
  compare: { size: DESK, scheme: 'dark', query: `${VIEW}&compare_to=2019-01-01` },
  help: { size: DESK, scheme: 'dark', prepare: (page) => page.click('#ui-help') },
  mobile: { size: { width: 390, height: 844 }, scheme: 'light', full: true },
  contrast: { size: DESK, scheme: 'light', media: { forcedColors: 'active' } },
  print: { size: { width: 800, height: 1130 }, scheme: 'light', media: { media: 'print' }, full: true },
};

async function shoot(session, name, { size, scheme, query = VIEW, media = {}, full = false, prepare }) {
  const page = await session.context.newPage();
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: scheme, ...media });
  await page.goto(`${session.base}/${query}`);
  await drawn(page);
  if (size.width > 960 && name !== 'table') await page.waitForSelector('#ui-panel tbody tr');
  await settled(page);
  await prepare?.(page);
  await page.waitForTimeout(300);
  await page.screenshot({ path: path.join(process.env.CUIBONO_PICTURES, `${name}.png`), fullPage: full });
  await close(session, page);
}

async function times(session) {
  const page = await session.context.newPage();
  const start = performance.now();
  await page.goto(`${session.base}/?subject=nso-group-technologies-ltd&as_of=2021-05-31&up=1`);
  await page.waitForSelector('svg.chart .box', { state: 'attached' });
  const first = performance.now() - start;
  await settled(page);
  await clickBox(page, 'triangle-holdings-sa');
  await page.waitForTimeout(300);
  const boxes = (await page.$$('svg.chart .box')).length;
  const inner = page.evaluate((n) => new Promise((resolve) => {
    const from = performance.now();
    const watch = new MutationObserver(() => { if (document.querySelectorAll('svg.chart .box').length > n) { watch.disconnect(); resolve(performance.now() - from); } });
    watch.observe(document.getElementById('ui-stage'), { childList: true });
    document.querySelector('#ui-actions button').click();
  }), boxes);
  await redrawn(page, () => inner);
  const expansion = await inner;
  await close(session, page);
  return `first chart ${Math.round(first)} ms (goal 1000), expansion ${Math.round(expansion)} ms (goal 100)`;
}

export const tests = {
  timings: times,
  ...Object.fromEntries(Object.entries(shots).map(([name, shot]) => [`picture: ${name}`, (session) => (process.env.CUIBONO_PICTURES ? shoot(session, name, shot) : 'skipped: CUIBONO_PICTURES names no folder')])),
};
