// A translator pastes a text, puts right what is wrong with it, lets one thing stand, and drops a file.
export default async function walk({ page, assert, accessible, open, shot, yaddash }) {
  await page.goto("/check");
  const text = page.locator("#text-en");
  const found = page.locator("#found .finding");
  const marks = page.locator(".editor[data-language=en] .under mark");
  await page.keyboard.insertText("The Milli Mejlis met in Baku on Monday. The guests of the Milli Mejlis heard the the minister.");
  await marks.first().waitFor();
  assert.deepEqual(await marks.allTextContents(), ["Milli Mejlis", "Milli Mejlis", "the the"]);
  assert.equal(await found.count(), 3);
  // The marks lie exactly under the words.
  const [under, area] = await page.evaluate(() => [".under", "textarea"].map((what) => {
    const box = document.querySelector(`.editor[data-language=en] ${what}`).getBoundingClientRect();
    return [box.x, box.y, box.width, box.height];
  }));
  assert.deepEqual(under, area);
  await accessible();
  await shot("found");

  // Each finding by key; the cursor goes to it and it is spoken.
  await page.keyboard.press("Control+Home");
  const selected = () => text.evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd));
  await page.keyboard.press("F8");
  assert.equal(await selected(), "Milli Mejlis");
  assert.match(await page.locator("#spoken").textContent(), /forbidden variant/);
  await page.keyboard.press("Alt+n");
  await page.keyboard.press("F8");
  assert.equal(await selected(), "the the");
  await page.keyboard.press("Shift+F8");
  assert.equal(await page.locator("#found [aria-current=true]").getAttribute("id"), "texts-2");

  // A fix by click, and taken back with Ctrl+Z as if it had been typed.
  await found.first().getByRole("button", { name: /^Use: Milli Majlis/ }).click();
  await page.waitForFunction(() => document.querySelectorAll("#found .finding").length === 2);
  assert.match(await text.inputValue(), /^The Milli Majlis met/);
  await text.focus();
  await page.keyboard.press("Control+z");
  await page.waitForFunction(() => document.querySelectorAll("#found .finding").length === 3);
  await page.keyboard.press("F8");
  await page.keyboard.press("Alt+Enter");
  await page.waitForFunction(() => document.querySelectorAll("#found .finding").length === 2);

  // Marks go along with what is typed before them, before the server has answered.
  await page.route("**/check/found", async (route) => { await new Promise((done) => setTimeout(done, 1500)); await route.continue().catch(() => {}); });
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("Yesterday: ");
  assert.deepEqual(await marks.allTextContents(), ["Milli Mejlis", "the the"]);
  await page.waitForFunction(() => document.getElementById("busy").textContent === "" && document.querySelector("#text-en").value.startsWith("Yesterday: "));
  await page.unroute("**/check/found");

  // Another is let stand, for a reason; the command line knows it.
  const last = found.filter({ hasText: "twice in a row" });
  await last.locator("summary", { hasText: "Accept" }).click();
  await last.locator(".accept input").fill("a quotation");
  await page.keyboard.press("Enter");
  await page.locator("#found .finding.accepted", { hasText: "a quotation" }).waitFor();
  assert.match(await yaddash("check", "accepted"), /a quotation \(anna, /);
  await page.locator("#found .finding.accepted").getByRole("button", { name: "No longer accept" }).click();
  await page.waitForFunction(() => !document.querySelector("#found .finding.accepted"));
  assert.doesNotMatch(await yaddash("check", "accepted"), /a quotation/);

  // All that is certain at once.
  await page.getByRole("button", { name: /^Fix all that is certain/ }).click();
  await page.locator("#found .tag.good").waitFor();
  assert.match(await text.inputValue(), /The guests of the Milli Majlis heard the minister\.$/);

  // Its counterpart beside it: what one says the other must.
  await page.locator("#text-az").fill("Milli Məclis bazar günü toplaşıb. Qonaqlar naziri dinləyiblər: 7 nəfər.");
  await page.locator("#found .finding").first().waitFor();
  assert.ok(await page.locator(".editor[data-language=az] .under mark").count() > 0);
  await shot("pair");

  // A file is dropped; it comes back corrected.
  await page.evaluate(() => {
    const files = new DataTransfer();
    files.items.add(new File(["# News\n\nThe **Milli Mejlis** met.\n"], "press.en.md", { type: "text/markdown" }));
    for (const kind of ["dragover", "drop"]) document.body.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: files }));
  });
  const file = page.locator("#found-files .finding");
  await file.first().waitFor();
  assert.match(await file.first().textContent(), /press\.en\.md:3:7/);
  await accessible();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /^Download corrected/ }).click()]);
  assert.equal(download.suggestedFilename(), "press.en.md");
  const { readFile } = await import("node:fs/promises");
  assert.equal(await readFile(await download.path(), "utf8"), "# News\n\nThe **Milli Majlis** met.\n");

  // The keys are shown on demand.
  await page.locator("h1").click();
  await page.keyboard.press("?");
  assert.ok(await page.locator("#keys").isVisible());
  await accessible();
  await page.keyboard.press("Escape");

  // On a phone, in another language of the interface, without scripts.
  const plain = await open({ viewport: { width: 390, height: 844 }, locale: "az-AZ", javaScriptEnabled: false });
  await plain.goto("/check");
  await plain.locator("#text-en").fill("The Milli Mejlis met.");
  await plain.locator("#texts button.main").click();
  assert.match(await plain.locator("#found").textContent(), /Səhvlər: 1/);
  await plain.locator("#found button[name=fix]").click();
  assert.equal(await plain.locator("#text-en").inputValue(), "The Milli Majlis met.");
  await shot("phone", plain);
}
