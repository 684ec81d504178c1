// What every specification needs: a browser, somebody who is signed in, and what a page must be.
import { createRequire } from "node:module";
import fs from "node:fs";
import path from "node:path";

const require = createRequire(path.join(process.env.GNOMON_BROWSER, "package.json"));
const { chromium } = require("playwright-core");
const AXE = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const LINK = process.env.GNOMON_LINK;
export const ORIGIN = new URL(LINK).origin;
export const WIDE = { width: 1280, height: 900 };
export const NARROW = { width: 390, height: 844 };

export function launch() {
  return chromium.launch({
    executablePath: process.env.GNOMON_CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
}

/** Sign in by the link, which is used up by that; returns the cookies of who came in. */
export async function signedIn(browser) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(LINK);
  const state = await context.storageState();
  await context.close();
  return state;
}

/** Open a page as somebody sees it: `as` has a language, a width, a colour scheme. */
export async function opened(browser, state, as = {}) {
  const context = await browser.newContext({ storageState: state, viewport: WIDE, ...as });
  const page = await context.newPage();
  page.flaws = [];
  page.on("console", (said) => {
    if (said.type() === "error" || /Content Security Policy/.test(said.text())) {
      page.flaws.push(`${page.url()}: ${said.text()}`);
    }
  });
  page.on("pageerror", (error) => page.flaws.push(`${page.url()}: ${error}`));
  return page;
}

export async function speak(page, language) {
  if ((await page.getAttribute("html", "lang")) === language) return;
  await page.click(`button[name=language][value=${language}]`);
}

/** Return what axe finds against WCAG 2.2 AA, in words; by some rules alone, where they are named. */
export async function violations(page, rules) {
  const levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const found = await page.evaluate(
    (runOnly) => window.axe.run(document, { runOnly, resultTypes: ["violations"] }),
    rules ? { type: "rule", values: rules } : { type: "tag", values: levels },
  );
  return found.violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary}`),
  );
}

/** Return what sticks out to the right of the window; pages scroll one way alone. */
export function sticksOut(page) {
  return page.evaluate(() => {
    if (document.documentElement.scrollWidth <= window.innerWidth) return [];
    const clipped = (one) => {
      for (let at = one.parentElement; at; at = at.parentElement) {
        if (getComputedStyle(at).overflowX !== "visible") return true;
      }
      return false;
    };
    return Array.from(document.querySelectorAll("body *"))
      .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1 && !clipped(one))
      .map((one) => `${one.tagName} ${one.className}: ${one.textContent.trim().slice(0, 60)}`);
  });
}

// Addresses that no link leads to: a form with rows that were chosen.
const seeds = async (page) => {
  await page.goto(`${ORIGIN}/`);
  const rows = await page.$$eval("[data-row]", (all) => all.slice(0, 2).map((one) => `${one.id}=0`));
  return ["/", `/several?${rows.join("&")}&verdict=restricted`];
};

const ROUTES = JSON.parse(process.env.GNOMON_PAGES || "[]").map((route) => ({
  route,
  fits: new RegExp(`^${route.replace(/\{[^}]+\}/g, "[^/]+")}$`),
}));

export function routeOf(address) {
  const { pathname } = new URL(address, ORIGIN);
  return ROUTES.find((one) => one.fits.test(pathname))?.route;
}

/** Follow the links from the queue; returns one address of every page there is, by its route. */
export async function everyPage(page) {
  const found = new Map();
  const waiting = await seeds(page);
  const seen = new Set(waiting);
  while (waiting.length && found.size < ROUTES.length) {
    const address = waiting.shift();
    const route = routeOf(address);
    if (!route || found.has(route)) continue;
    const links = await linksOf(page, address);
    if (links === null) {
      found.set(route, null); // something to save, and no page
      continue;
    }
    found.set(route, address);
    for (const link of links.filter((one) => !seen.has(one))) {
      seen.add(link);
      waiting.push(link);
    }
  }
  // What is saved in a format may need something first, such as a version that was approved.
  const missed = ROUTES.map((one) => one.route).filter((one) => !found.has(one) && !one.endsWith("{format}"));
  return { pages: [...found.values()].filter(Boolean), missed };
}

async function linksOf(page, address) {
  const head = await page.request.get(ORIGIN + address, { maxRedirects: 0 });
  if (head.headers()["content-disposition"]) return null;
  if (head.status() >= 500) throw new Error(`${address}: ${head.status()}`);
  const answer = await page.goto(ORIGIN + address);
  if (!answer.ok()) throw new Error(`${address}: ${answer.status()}: ${await page.textContent("main")}`);
  const links = await page.$$eval("a[href]", (all) => all.map((one) => one.href));
  return links
    .filter((one) => new URL(one).origin === ORIGIN)
    .map((one) => one.slice(ORIGIN.length).replace(/#.*/, ""));
}
