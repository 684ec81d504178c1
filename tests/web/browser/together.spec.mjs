// Two people decide at once: the second sees what the first decided, and nothing is overwritten.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { ORIGIN, launch, opened } from "./browser.mjs";

const browser = await launch();
after(() => browser.close());

/** Open a page as somebody whom the proxy names: a person and a session of their own. */
const as = (name) =>
  opened(browser, undefined, {
    extraHTTPHeaders: { "X-Forwarded-User": name, "X-Forwarded-Groups": "ciso" },
  });

const sessionOf = async (page) =>
  (await page.context().cookies()).find((one) => one.name.includes("session")).value;

test("the second sees the first decision, with their own still filled in", async () => {
  const ana = await as("Ana Novak");
  const ben = await as("Ben Ruiz");
  await ana.goto(`${ORIGIN}/`);
  const row = await ana.getAttribute("[data-row]", "id");
  await ben.goto(`${ORIGIN}/systems/${row}/decide?verdict=approved`);
  await ben.fill("[name=reason]", "Checked by the second.");
  assert.notEqual(await sessionOf(ana), await sessionOf(ben));
  assert.match(await ben.textContent("header"), /Ben Ruiz/);

  await ana.goto(`${ORIGIN}/systems/${row}/decide?verdict=rejected`);
  await ana.fill("[name=reason]", "Refused by the first.");
  await ana.click("form.decide button.main");
  assert.equal(new URL(ana.url()).pathname, "/");

  const [answer] = await Promise.all([
    ben.waitForResponse((one) => one.request().method() === "POST"),
    ben.click("form.decide button.main"),
  ]);
  assert.equal(answer.status(), 409, await ben.textContent("main"));
  assert.match(await ben.textContent("main"), /Ana Novak/);
  assert.match(await ben.textContent("main"), /rejected/);
  assert.equal(await ben.inputValue("[name=reason]"), "Checked by the second.");

  await ana.goto(`${ORIGIN}/systems/${row}/decide`);
  assert.match(await ana.textContent("main"), /rejected/i);
});

test("that holds for a form that comes back because something is lacking", async () => {
  const ana = await as("Ana Novak");
  const ben = await as("Ben Ruiz");
  await ana.goto(`${ORIGIN}/`);
  const row = await ana.getAttribute("[data-row]", "id");
  await ben.goto(`${ORIGIN}/systems/${row}/decide?verdict=rejected`); // and gives no reason

  await ana.goto(`${ORIGIN}/systems/${row}/decide?verdict=restricted`);
  await ana.fill("[name=reason]", "For the design team.");
  await ana.fill("[name=conditions]", "No customer data.");
  await ana.click("form.decide button.main");
  assert.equal(new URL(ana.url()).pathname, "/", await ana.textContent("main"));

  await ben.click("form.decide button.main");
  assert.match(await ben.textContent("[role=alert]"), /Ana Novak.*restricted/s);
});
