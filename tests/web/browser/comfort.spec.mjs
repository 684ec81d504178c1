// For everybody's eyes and hands: little motion, 200 per cent, focus that is seen, targets to hit.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { NARROW, ORIGIN, everyPage, launch, opened, signedIn, sticksOut } from "./browser.mjs";

const browser = await launch();
after(() => browser.close());
const state = await signedIn(browser);
const { pages } = await everyPage(await opened(browser, state));

test("who wants no motion gets none", async () => {
  const page = await opened(browser, state, { reducedMotion: "reduce" });
  for (const address of pages) {
    await page.goto(ORIGIN + address);
    const moves = await page.$$eval("*", (all) =>
      all.filter((one) => {
        const style = getComputedStyle(one);
        const lasts = (text) => text.split(",").some((part) => parseFloat(part) > 0);
        return style.scrollBehavior === "smooth" || lasts(style.transitionDuration) || lasts(style.animationDuration);
      }).length,
    );
    assert.equal(moves, 0, address);
  }
});

test("at 200 per cent nothing sticks out", async () => {
  // A window of 1280 pixels at 200 per cent has 640 of CSS, each of two.
  const page = await opened(browser, state, { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 });
  for (const address of pages) {
    await page.goto(ORIGIN + address);
    assert.deepEqual(await sticksOut(page), [], address);
  }
});

test("what is reached by Tab is seen, in the order of the page", async () => {
  const page = await opened(browser, state);
  await page.goto(`${ORIGIN}/`);
  await page.keyboard.press("Tab");
  assert.match(await page.evaluate(() => document.activeElement.getAttribute("href")), /^#main$/);
  for (let step = 0; step < 12; step += 1) {
    await page.keyboard.press("Tab");
    const shown = await page.evaluate(() => {
      const box = document.activeElement.getBoundingClientRect();
      const outline = getComputedStyle(document.activeElement);
      return box.width > 0 && box.top >= 0 && box.bottom <= innerHeight && parseFloat(outline.outlineWidth) >= 2;
    });
    assert.ok(shown, await page.evaluate(() => document.activeElement.outerHTML.slice(0, 200)));
  }
});

test("with a finger everything can be hit: 24 pixels and more", async () => {
  const page = await opened(browser, state, { viewport: NARROW, hasTouch: true });
  for (const address of pages) {
    await page.goto(ORIGIN + address);
    const small = await page.$$eval("button, .act, nav a, select, input:not([type=hidden]), summary", (all) =>
      all
        .map((one) => (one.matches("[type=radio], [type=checkbox]") ? (one.closest("label") ?? one) : one))
        .filter((one) => one.checkVisibility())
        .filter((one) => one.getBoundingClientRect().height < 24 || one.getBoundingClientRect().width < 24)
        .map((one) => one.outerHTML.slice(0, 120)),
    );
    assert.deepEqual(small, [], address);
  }
});
