// Drives a headless Chromium through the steps given on stdin and tells on stdout what it saw.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const { executable, modules, context, steps } = JSON.parse(readFileSync(0, "utf8"));
const { chromium } = createRequire(`${modules}/`)("playwright-core");

const browser = await chromium.launch({ executablePath: executable, args: ["--no-sandbox"] });
const page = await (await browser.newContext(context)).newPage();
page.setDefaultTimeout(60_000);
const seen = { results: [], console: [], requests: [] };
page.on("console", (message) => seen.console.push(`${message.type()}: ${message.text()}`));
page.on("pageerror", (error) => seen.console.push(`pageerror: ${error.message}`));
page.on("request", (request) => seen.requests.push(request.url()));

const actions = {
  open: (url) => page.goto(url),
  wait: (selector) => page.waitForSelector(selector),
  press: (key) => page.keyboard.press(key),
  select: (selector, value) => page.selectOption(selector, value),
  evaluate: async (script) => seen.results.push(await page.evaluate(script)),
  // Opens an operation in Swagger UI, executes it, and gives the answer's status and body.
  execute: async (operation) => {
    const block = page.locator(`#operations-${operation}`);
    if (!(await block.locator(".execute").count())) await block.locator(".opblock-summary-control").click();
    const answered = page.waitForResponse((response) => response.request().resourceType() === "fetch");
    await block.locator(".execute").click();
    const response = await answered;
    seen.results.push({ status: response.status(), url: response.url(), body: await response.json() });
  },
};

try {
  for (const [action, ...values] of steps) await actions[action](...values);
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify(seen));
