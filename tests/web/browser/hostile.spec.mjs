// Names that want to be more than text: the page shows them, and nothing of them runs.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { NARROW, ORIGIN, everyPage, launch, opened, signedIn, sticksOut, violations } from "./browser.mjs";

const browser = await launch();
after(() => browser.close());
const state = await signedIn(browser);

test("nothing of hostile evidence runs, on any page", async () => {
  const page = await opened(browser, state);
  page.on("dialog", (shown) => page.flaws.push(`a dialog: ${shown.message()}`));
  page.on("request", (one) => {
    if (!one.url().startsWith(ORIGIN)) page.flaws.push(`asked ${one.url()}`);
  });
  const { pages } = await everyPage(page);
  let asText = 0;
  for (const address of pages) {
    await page.goto(ORIGIN + address);
    assert.notEqual(await page.title(), "fired");
    const links = await page.$$eval("[href], [src], [action]", (all) =>
      all.map((one) => (one.getAttribute("href") ?? one.getAttribute("src") ?? one.getAttribute("action"))),
    );
    assert.deepEqual(links.filter((one) => /^\s*(javascript|data|vbscript):/i.test(one)), []);
    assert.equal(await page.$$eval("main script, main style, main iframe, main [onclick]", (all) => all.length), 0);
    const text = await page.textContent("body");
    asText += text.includes("<script>document.title='fired'</script>") ? 1 : 0;
    // A mark that turns writing round would make a name read as another.
    assert.doesNotMatch(text, /[\u202a-\u202e\u2066-\u2069]/);
  }
  assert.ok(asText > 0, "the names were on no page");
  assert.deepEqual(page.flaws, []);
});

test("names of thousands of characters fit into 390 pixels, and axe finds nothing", async () => {
  const page = await opened(browser, state, { viewport: NARROW });
  const { pages } = await everyPage(page);
  const found = [];
  for (const address of pages) {
    await page.goto(ORIGIN + address);
    const lacking = [...(await sticksOut(page)), ...(await violations(page))];
    found.push(...lacking.map((one) => `${address}: ${one}`));
  }
  assert.deepEqual(found, []);
});
