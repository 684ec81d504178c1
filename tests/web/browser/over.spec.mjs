// A session that ends in the middle of a form: what was typed is not lost without words.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { ORIGIN, launch, opened, signedIn } from "./browser.mjs";

const browser = await launch();
after(() => browser.close());
const state = await signedIn(browser);

test("what was typed is shown again, and nothing is recorded", async () => {
  const page = await opened(browser, state);
  await page.goto(`${ORIGIN}/`);
  const row = await page.getAttribute("[data-row]", "id");
  await page.goto(`${ORIGIN}/systems/${row}/decide?verdict=rejected`);
  await page.fill("[name=reason]", "Half an hour of thought.");

  const elsewhere = await page.context().newPage();
  await elsewhere.goto(`${ORIGIN}/`);
  await elsewhere.click("form[action='/sign-out'] button");

  const [answer] = await Promise.all([
    page.waitForResponse((one) => one.request().method() === "POST"),
    page.click("form.decide button.main"),
  ]);
  assert.equal(answer.status(), 401);
  assert.match(await page.inputValue("textarea"), /Half an hour of thought\./);
  assert.doesNotMatch(await page.content(), /csrf/);
});
