// Opens an HTML report in headless Chromium, uses every filter as a reader does, and prints a Markdown table of how long
// each took, up to the frame that shows its result. Exits 1 when the page logs an error (a breach of its content policy is
// one), asks for an address, or shows something other than the number of findings expected.
// Usage: node bench/report.mjs FILE.html [SCREENSHOT.png]     (bench/report.sh runs it)
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

// By NODE_PATH, which an import statement would not look at.
const { chromium } = createRequire(import.meta.url)("playwright-core");
const [file, screenshot] = process.argv.slice(2);
const address = pathToFileURL(file).href;

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
const wrong = [];
page.on("console", (m) => { if (m.type() === "error") wrong.push(m.text()); });
page.on("pageerror", (e) => wrong.push(String(e)));
page.on("dialog", (d) => { wrong.push("dialog " + d.message()); d.dismiss(); });
page.on("request", (r) => { if (r.url() !== address) wrong.push("request " + r.url()); });

const painted = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
const step = async (name, act) => {
  const started = performance.now();
  await act();
  await painted();
  const took = performance.now() - started;
  const shown = await page.locator("#shown").textContent();
  if (!/^[\d,]+ findings? of /.test(shown)) wrong.push(name + " shows " + shown);
  console.log(`| ${name} | ${took.toFixed(0)} | ${shown} |`);
};

console.log("| step | ms | the page says |\n|---|---|---|");
await step("open", async () => {
  await page.goto(address);
  await page.locator("#list details").first().waitFor();
});
if (screenshot) await page.screenshot({ path: screenshot });
await step("without low", () => page.locator("#severities input[value=low]").click());
await step("one rule", () => page.locator("#rule").selectOption({ index: 1 }));
await step("reset", () => page.locator("#reset").click());
await step("only in history", () => page.locator("#state").selectOption("history"));
await step("all, suppressed too", () => page.locator("#state").selectOption("all"));
await step("a bar of the timeline", () => page.locator("#timeline g").last().click());
await step("reset", () => page.locator("#reset").click());
await step("search by three letters", () => page.locator("#search").fill("f7."));
await step("search for what is not there", () => page.locator("#search").fill("no such thing"));
await step("reset", () => page.locator("#reset").click());
await step("open a finding", () => page.locator("#list details summary").first().click());
if (screenshot) await page.screenshot({ path: screenshot.replace(/(\.png)?$/, "-open.png") });
await step("show more", () => page.locator("#more").click());
await browser.close();

for (const text of wrong) console.error(text);
process.exitCode = wrong.length === 0 ? 0 : 1;
