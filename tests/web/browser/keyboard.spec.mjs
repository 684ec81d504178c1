// A person who has never seen it empties the queue with the keyboard alone; it says how long it took.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { ORIGIN, launch, opened, signedIn } from "./browser.mjs";

const browser = await launch();
after(() => browser.close());
const state = await signedIn(browser);
const VERDICTS = { a: "approved", c: "approved_with_conditions", r: "restricted", x: "rejected", d: "dismissed" };
let strokes = 0;

async function press(page, key) {
  strokes += 1;
  await page.keyboard.press(key);
}

async function write(page, text) {
  strokes += text.length;
  await page.keyboard.type(text);
}

/** Press a key that leads to another page, and wait for that. */
async function go(page, key) {
  const gone = page.waitForEvent("framenavigated");
  await press(page, key);
  await gone;
  await page.waitForLoadState();
}

const focused = (page) => page.evaluate(() => document.activeElement?.name || document.activeElement?.id || "");
const current = (page) => page.evaluate(() => document.querySelector("[data-row].current")?.id ?? "");
const waiting = async (page) => Number(await page.getAttribute("[data-waiting]", "data-waiting"));

async function tabTo(page, name) {
  for (let step = 0; step < 40; step += 1) {
    if ((await focused(page)) === name) return;
    await press(page, "Tab");
  }
  assert.fail(`Tab does not lead to ${name}`);
}

/** Press the key of a verdict; its form opens within the row. */
async function open(page, key) {
  await press(page, key);
  await page.waitForSelector("[data-row].current form.decide");
  await page.waitForFunction(() => document.activeElement.name === "reason");
}

async function decide(page, key) {
  await open(page, key);
  assert.equal(await page.isChecked(`[name=verdict][value=${VERDICTS[key]}]`), true);
  await write(page, "Looked at with the owner.");
  if ("cr".includes(key)) {
    await tabTo(page, "conditions");
    await write(page, "No personal data.");
  }
  if (key === "d") {
    await tabTo(page, "code");
    await press(page, "ArrowDown");
  }
  await go(page, "Control+Enter");
  assert.equal(new URL(page.url()).pathname, "/", await page.textContent("main"));
}

test("j and k move, Enter opens, Escape leaves a form as it was", async () => {
  const page = await opened(browser, state);
  await page.goto(`${ORIGIN}/`);
  const first = await current(page);
  await press(page, "j");
  const second = await current(page);
  assert.notEqual(second, first);
  await press(page, "k");
  assert.equal(await current(page), first);
  await press(page, "j");
  await go(page, "Enter");
  assert.equal(new URL(page.url()).pathname, `/systems/${second}`);
  await page.goBack();
  await press(page, "j");
  await open(page, "x");
  await write(page, "k j a"); // letters in a field are text
  assert.equal(await page.inputValue("[name=reason]"), "k j a");
  await press(page, "Escape");
  assert.equal(await page.locator("form.decide").count(), 0);
  assert.equal(await current(page), second);
});

test("u takes a decision back by a new one", async () => {
  const page = await opened(browser, state);
  await page.goto(`${ORIGIN}/`);
  const before = await waiting(page);
  const row = await current(page);
  await decide(page, "x");
  assert.equal(await waiting(page), before - 1);
  await go(page, "u");
  assert.equal(await waiting(page), before);
  assert.equal(await page.locator(`[id="${row}"]`).count(), 1);
});

test("the whole queue is emptied without a mouse", async () => {
  const page = await opened(browser, state);
  await page.goto(`${ORIGIN}/`);
  const rows = await waiting(page);
  assert.ok(rows > 20);
  strokes = 0;
  const began = performance.now();
  for (let number = 0; number < rows; number += 1) {
    await decide(page, "acrxd"[number % 5]);
    assert.equal(await waiting(page), rows - number - 1);
  }
  const seconds = (performance.now() - began) / 1000;
  console.log(`${rows} systems, ${strokes} key strokes, ${seconds.toFixed(1)} s without thinking`);
  assert.deepEqual(page.flaws, []);
  assert.equal(await page.locator("[data-row]").count(), 0);
});
