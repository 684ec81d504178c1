// A supplier's answers are handed in: by keys alone, shown before they are recorded.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { NARROW, ORIGIN, launch, opened, signedIn, sticksOut, violations } from "./browser.mjs";

const browser = await launch();
after(() => browser.close());
const state = await signedIn(browser);

/** The questionnaire as CSV, with an answer to each of these. */
function answered(questions) {
  const seen = questions.map((one) => `openai/${one}/0,Yes,Said by the supplier`);
  return Buffer.from(["Reference,State,Your answer", ...seen, ""].join("\n"));
}

test("what came back is looked at, and then stands", async () => {
  const page = await opened(browser, state, { viewport: NARROW });
  await page.goto(`${ORIGIN}/suppliers/openai`);
  await page.click("a[href='/suppliers/openai/import']");
  const buffer = answered(["Q06", "Q07"]);
  await page.setInputFiles("[type=file]", { name: "back.csv", mimeType: "text/csv", buffer });
  await page.focus("main button.main");
  await page.keyboard.press("Enter");
  await page.waitForSelector("[name=act][value=record]", { state: "attached" });
  assert.deepEqual([...(await violations(page)), ...(await sticksOut(page)), ...page.flaws], []);
  assert.match(await page.textContent("main"), /nothing is recorded yet/);
  await page.focus("main button.main");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#questions");
  assert.match(await page.textContent("[role=status]"), /2 answers of the questionnaire stand/);
});
