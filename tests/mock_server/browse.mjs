// Drives a headless Chromium. Each line on stdin is a step, [page, action, ...values]; each is answered by a line on
// stdout, {value} or {error}. The pages are by number; what one has seen is told when it is closed.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [executable, modules] = process.argv.slice(2);
const { chromium } = createRequire(`${modules}/`)("playwright-core");

// evil.example is a site elsewhere, whose name leads to this machine.
const args = ["--no-sandbox", "--host-resolver-rules=MAP evil.example 127.0.0.1"];
const browser = await chromium.launch({ executablePath: executable, args });
const pages = new Map();

async function start(context) {
  const page = await (await browser.newContext(context)).newPage();
  page.setDefaultTimeout(30_000);
  const seen = { console: [], requests: [] };
  page.on("console", (message) => seen.console.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => seen.console.push(`pageerror: ${error.message}`));
  page.on("request", (request) => seen.requests.push(request.url()));
  return { page, seen };
}

const actions = {
  open: (page, url) => page.goto(url).then(() => null),
  wait: (page, selector, state) => page.waitForSelector(selector, { state }).then(() => null),
  press: (page, key) => page.keyboard.press(key),
  type: (page, text) => page.keyboard.type(text),
  click: (page, selector) => page.click(selector),
  fill: (page, selector, value) => page.fill(selector, value),
  select: (page, selector, value) => page.selectOption(selector, value).then(() => null),
  upload: (page, selector, file) => page.setInputFiles(selector, file),
  text: (page, selector) => page.locator(selector).allInnerTexts(),
  evaluate: (page, script) => page.evaluate(script),
  screenshot: (page, path) => page.screenshot({ path, animations: "disabled" }).then(() => null),
  // Clicks what downloads a file, and gives its name and text.
  async download(page, selector) {
    const begun = page.waitForEvent("download");
    await page.click(selector);
    const download = await begun;
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    return { name: download.suggestedFilename(), text: Buffer.concat(chunks).toString("utf8") };
  },
  // Opens an operation in Swagger UI, executes it, and gives the answer's status and body.
  async execute(page, operation) {
    const block = page.locator(`#operations-${operation}`);
    if (!(await block.locator(".execute").count())) await block.locator(".opblock-summary-control").click();
    const answered = page.waitForResponse((response) => response.request().resourceType() === "fetch");
    await block.locator(".execute").click();
    const response = await answered;
    return { status: response.status(), url: response.url(), body: await response.json() };
  },
};

async function step(number, action, ...values) {
  if (action === "start") {
    pages.set(number, await start(...values));
    return null;
  }
  const { page, seen } = pages.get(number);
  if (action !== "stop") return actions[action](page, ...values);
  await page.context().close();
  pages.delete(number);
  return seen;
}

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await step(...JSON.parse(line)).then(
    (value) => ({ value: value ?? null }),
    (error) => ({ error: error.message }),
  );
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
