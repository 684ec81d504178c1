// Without JavaScript everything can be read and decided.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { NARROW, ORIGIN, everyPage, launch, opened, signedIn } from "./browser.mjs";

const browser = await launch();
after(() => browser.close());
const state = await signedIn(browser);

test("every page is there", async () => {
  const page = await opened(browser, state, { javaScriptEnabled: false, viewport: NARROW });
  const { pages, missed } = await everyPage(page);
  assert.deepEqual(missed, []);
  for (const address of pages) {
    await page.goto(ORIGIN + address);
    assert.equal(await page.locator("h1").count(), 1, address);
  }
});

test("a verdict is given, and what is lacking is said with what was typed", async () => {
  const page = await opened(browser, state, { javaScriptEnabled: false });
  await page.goto(`${ORIGIN}/`);
  const waits = Number(await page.getAttribute("[data-waiting]", "data-waiting"));
  await page.locator("[data-row] .act.dismissed").first().click();
  await page.fill("[name=reason]", "A crawler of ours.");
  await page.click("form.decide button.main"); // without saying why it is dismissed
  assert.equal(await page.inputValue("[name=reason]"), "A crawler of ours.");
  assert.ok(await page.locator("[role=alert]").first().isVisible());
  await page.selectOption("[name=code]", "noise");
  await page.click("form.decide button.main");
  assert.equal(new URL(page.url()).pathname, "/");
  assert.equal(Number(await page.getAttribute("[data-waiting]", "data-waiting")), waits - 1);
  assert.match(await page.textContent("[role=status]"), /./);
});
