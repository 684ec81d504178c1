// Every page: WCAG 2.2 AA by axe-core, nothing blocked, nothing sticking out; in all its looks.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { NARROW, ORIGIN, WIDE, everyPage, launch, opened, signedIn, speak, sticksOut, violations } from "./browser.mjs";

const browser = await launch();
after(() => browser.close());
const state = await signedIn(browser);
const guide = await opened(browser, state);
const { pages, missed } = await everyPage(guide);

test("links lead from the queue to every page there is", () => {
  assert.deepEqual(missed, []);
});

for (const language of ["en", "fr"]) {
  for (const [name, viewport] of [["1280 pixels", WIDE], ["390 pixels", NARROW]]) {
    test(`pages in ${language}, ${name}, light and dark`, async () => {
      const page = await opened(browser, state, { viewport, colorScheme: "light" });
      await page.goto(`${ORIGIN}/`);
      await speak(page, language);
      const found = [];
      for (const address of pages) {
        const answer = await page.goto(ORIGIN + address);
        const lacking = [...(await violations(page)), ...(await sticksOut(page))];
        if (answer.status() !== 200) lacking.push(`status ${answer.status()}`);
        if ((await page.getAttribute("html", "lang")) !== language) lacking.push("language");
        await page.emulateMedia({ colorScheme: "dark" }); // other colours, and nothing else
        lacking.push(...(await violations(page, ["color-contrast"])).map((one) => `dark: ${one}`));
        await page.emulateMedia({ colorScheme: "light" });
        found.push(...lacking.map((one) => `${address}: ${one}`));
      }
      assert.deepEqual([...found, ...page.flaws], []);
      await page.context().close();
    });
  }
}
