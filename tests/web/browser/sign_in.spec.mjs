// Signing in by the link that is printed where the server was started.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { LINK, ORIGIN, launch, opened, signedIn } from "./browser.mjs";

const browser = await launch();
after(() => browser.close());

test("without a session every page asks to sign in", async () => {
  const page = await opened(browser);
  await page.goto(`${ORIGIN}/`);
  assert.equal(new URL(page.url()).pathname, "/sign-in");
});

test("the link lets one browser in, and is used up by that", async () => {
  const state = await signedIn(browser);
  const page = await opened(browser, state);
  await page.goto(`${ORIGIN}/`);
  assert.match(await page.textContent("header"), /Ana Novak/);
  assert.equal(await page.evaluate(() => document.cookie), ""); // no script sees the session

  const other = await opened(browser);
  const refused = await other.goto(LINK);
  assert.equal(refused.status(), 403);

  await page.click("form[action='/sign-out'] button");
  assert.equal(new URL(page.url()).pathname, "/sign-in");
  await page.goto(`${ORIGIN}/`);
  assert.equal(new URL(page.url()).pathname, "/sign-in");
  const stolen = await opened(browser, state);
  await stolen.goto(`${ORIGIN}/`);
  assert.equal(new URL(stolen.url()).pathname, "/sign-in");
});
