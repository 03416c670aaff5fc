// Walks through the workbench in a real browser: `node run.mjs PROGRAM [--shots FOLDER] [WALK…]`. README.md says how to
// write one.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { cp, mkdtemp, mkdir, readdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(join(process.env.YADDASH_BROWSER_MODULES || here, "package.json"));
const { chromium } = require("playwright-core");
const AXE = require.resolve("axe-core/axe.min.js");
const run = promisify(execFile);

const words = process.argv.slice(2);
const at = words.indexOf("--shots");
const shots = at < 0 ? null : resolve(words.splice(at, 2)[1]);
const [program, ...named] = words;
const walks = named.length ? named : (await readdir(here)).filter((name) => name.endsWith(".mjs") && name !== "run.mjs").map((name) => name.slice(0, -4)).sort();
if (shots) await mkdir(shots, { recursive: true });

/** A server over a folder of its own with the sample releases, their glossary and the memory `run` makes of them. */
async function office(setup) {
  const folder = await mkdtemp(join(tmpdir(), "yaddash-walk-"));
  const yaddash = async (...args) => (await run(resolve(program), args, { cwd: folder, maxBuffer: 1 << 26, env: { ...process.env, USER: "anna" } })).stdout;
  for (const part of ["releases", "glossary"]) await cp(join(here, "../..", part), join(folder, part), { recursive: true });
  await yaddash("run", "releases");
  await setup?.({ folder, yaddash });
  const server = spawn(resolve(program), ["serve", "--port", "0"], { cwd: folder, stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, USER: "anna" } });
  const log = [];
  const base = await new Promise((done, fail) => {
    createInterface({ input: server.stderr }).on("line", (line) => {
      log.push(line);
      const found = line.match(/http:\/\/[^ /]+/);
      if (found) done(found[0]);
    }).on("close", () => fail(new Error(`the server ended: ${log.join("\n")}`)));
  });
  const end = async () => {
    const gone = new Promise((done) => server.once("exit", done));
    server.kill();
    await gone;
    await rm(folder, { recursive: true, force: true });
  };
  return { folder, yaddash, base, log, end };
}

/** What a walk works with. */
async function desk(browser, name, place) {
  const troubles = [];
  const open = async (options = {}) => {
    const context = await browser.newContext({ baseURL: place.base, locale: "en-GB", viewport: { width: 1280, height: 900 }, permissions: ["clipboard-read", "clipboard-write"], ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on("pageerror", (error) => troubles.push(`script: ${error.stack}`));
    page.on("console", (line) => { if (line.type() === "error") troubles.push(`console: ${line.text()} (${line.location().url})`); });
    page.on("dialog", (dialog) => dialog.accept());
    return page;
  };
  const page = await open();
  return {
    ...place, page, open, assert,
    /** What axe-core finds wrong on a page, in both colour schemes; nothing is what should be. */
    async accessible(of = page) {
      for (const colorScheme of ["light", "dark"]) {
        await of.emulateMedia({ colorScheme });
        // Evaluated by the browser's debugger, which the page's own policy does not bind.
        await of.evaluate(await (await import("node:fs/promises")).readFile(AXE, "utf8"));
        const found = await of.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
        const told = found.violations.map((v) => `${v.id}: ${v.help}\n${v.nodes.map((n) => `    ${n.html}\n    ${n.failureSummary}`).join("\n")}`);
        assert.deepEqual(told, [], `${of.url()}, ${colorScheme}:\n${told.join("\n")}`);
      }
      await of.emulateMedia({ colorScheme: null });
    },
    /** A picture of the page as it is, where pictures are wanted. */
    async shot(what, of = page) {
      if (shots) await of.screenshot({ path: join(shots, `${name}-${what}.png`) });
    },
    /** Errors in the browser's console that the walk brings about on purpose. */
    expected(pattern) {
      const rest = troubles.filter((trouble) => !pattern.test(trouble));
      assert.ok(rest.length < troubles.length, `no trouble like ${pattern} among: ${troubles.join("\n")}`);
      troubles.splice(0, troubles.length, ...rest);
    },
    troubles,
  };
}

const browser = await chromium.launch({ executablePath: process.env.YADDASH_BROWSER || "/usr/bin/chromium", args: ["--no-sandbox"] });
let failed = 0;
for (const name of walks) {
  const began = Date.now();
  let place, tools;
  try {
    const walk = await import(pathToFileURL(join(here, `${name}.mjs`)));
    place = await office(walk.setup);
    tools = await desk(browser, name, place);
    await walk.default(tools);
    assert.deepEqual(tools.troubles, [], "nothing goes wrong in the browser");
    console.log(`walk ${name}: ok, ${((Date.now() - began) / 1000).toFixed(1)} s`);
  } catch (error) {
    failed += 1;
    console.log(`walk ${name}: FAILED\n${error.stack}\n${(tools?.troubles ?? []).join("\n")}\n${(place?.log ?? []).join("\n")}`);
    await tools?.shot("failed").catch(() => {});
  } finally {
    for (const context of browser.contexts()) await context.close();
    await place?.end();
  }
}
await browser.close();
process.exitCode = failed ? 1 : 0;
