// Terms: one is found by an inflected form, its violations are seen, it is put right, forbidden variants and proposals are
// settled, all by keyboard too.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

export async function setup({ folder }) {
  await writeFile(join(folder, "yaddash.toml"), '[terms]\nfiles = ["glossary/sms.csv"]\n');
}

export default async function walk({ page, assert, accessible, open, shot, folder, yaddash, expected }) {
  const glossary = async () => readFile(join(folder, "glossary/sms.csv"), "utf8");
  const untouched = await glossary();
  const ids = () => page.locator("#list a.open").allTextContents();
  /** Does what writes, and waits for the page that says so. */
  const written = async (act) => {
    const before = page.url();
    await act();
    await page.waitForURL((now) => now.href !== before && now.searchParams.has("done"));
    await page.locator(".done").waitFor();
  };

  // Found by a form that stands in no glossary, as it is typed.
  await page.goto("/terms");
  await page.keyboard.type("Milli Məclisimizin");
  await page.waitForFunction(() => document.querySelectorAll("#list a.open").length === 1);
  assert.deepEqual(await ids(), ["parliament"]);
  await accessible();
  await shot("list");
  // Down into the list, and into the concept.
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/terms\/parliament$/);

  // Where it is violated: the sentence, marked, with what is due.
  const use = page.locator("#uses .use").first();
  await use.waitFor();
  assert.match(await use.locator("mark.bad").first().textContent(), /Mej|Meclis|Мажлис|Маджлис|Национальное/);
  assert.ok((await use.locator(".said").count()) > 1);
  assert.match(await page.locator("#uses strong").first().textContent(), /Milli Majlis|Milli Məclis|Милли Меджлис/);
  await accessible();
  await shot("concept");
  await page.locator("[data-show=all]").click();
  await page.locator("#uses mark.good").first().waitFor();

  // Its forms, by case and person; another form is tried before it is written.
  const az = page.locator(".term", { hasText: "Milli Məclis" }).first();
  await az.locator("details.forms > summary").click();
  await az.locator("td", { hasText: /^Milli Məclisimizin$/ }).waitFor();
  await shot("forms");
  await az.locator("input[name=indeclinable]").check();
  await page.waitForFunction(() => ![...document.querySelectorAll(".paradigm td")].some((cell) => cell.textContent === "Milli Məclisimizin"));
  assert.equal(await glossary(), untouched);
  await az.locator("input[name=indeclinable]").uncheck();
  await az.locator("textarea[name=more]").fill("Milli Məclisçün");
  await az.locator("form.grammar button").click();
  await page.locator("#preview .told", { hasText: "form:az=Milli Məclis>Milli Məclisçün" }).waitFor();
  await shot("preview");
  await accessible();
  assert.equal(await glossary(), untouched, "what is shown is not written yet");
  await written(() => page.keyboard.press("Enter"));
  assert.match(await glossary(), /Milli Məclisçün/);
  assert.match(await yaddash("term", "show", "parliament"), /form Milli Məclisçün/);

  // Undone by a key.
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("u");
  await page.waitForURL(/\/terms\/parliament$/);
  assert.doesNotMatch(await glossary(), /Milli Məclisçün/);

  // A status changed by keys alone: move to a term, say what it is to be, look, write.
  const former = page.locator(".term", { hasText: "Национальное собрание" });
  await page.locator("body").press("j");
  for (let step = 0; step < 30; step += 1) {
    if (await former.evaluate((term) => term.contains(document.activeElement))) break;
    await page.keyboard.press("j");
  }
  await page.keyboard.press("f");
  await page.locator("#preview .told").waitFor();
  await written(() => page.keyboard.press("Enter"));
  assert.match(await yaddash("term", "show", "parliament"), /Национальное собрание Азербайджана \(forbidden\)/);

  // A variant forbidden: what the memory says of it is told first.
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("n");
  await page.keyboard.type("Majlis of Azerbaijan");
  await page.locator("form.bar select[name=language]").first().selectOption("en");
  await page.locator("#new-status").selectOption("forbidden");
  await page.locator("#new-term").press("Enter");
  await page.locator("#preview .told", { hasText: "Majlis of Azerbaijan" }).waitFor();
  // Left alone, nothing of it is written, and what was typed is there still.
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#new-term").inputValue(), "Majlis of Azerbaijan");
  await page.locator("#new-term").press("Enter");
  await written(() => page.locator("#preview button.main").click());
  assert.match(await glossary(), /Majlis of Azerbaijan/);
  assert.ok((await page.locator(".batches > li").count()) >= 3);

  // Somebody else is faster: nothing is lost, and it is said.
  await yaddash("term", "edit", "parliament", "--note", "By another hand.");
  await page.locator("#new-term").fill("Milli Medjlis");
  await page.locator("#new-status").selectOption("forbidden");
  await page.locator("#new-term").press("Enter");
  await page.locator("#told .error").waitFor();
  assert.match(await page.locator("#told .error").textContent(), /changed since/);
  assert.equal(await page.locator("#new-term").inputValue(), "Milli Medjlis");
  expected(/409/);
  assert.doesNotMatch(await glossary(), /Milli Medjlis/);

  // The only term to write is not forbidden by mistake.
  await page.reload();
  const right = page.locator(".term:has(.text:text-is('Milli Majlis'))");
  await right.locator("select[name=to]").selectOption("forbidden");
  await right.locator("form.small button").click();
  await page.locator("#told .error").waitFor();
  expected(/400/);

  // Proposals: refused ones do not come back, accepted ones are terms.
  await page.goto("/terms/suggested");
  await page.locator(".suggestion").first().waitFor({ timeout: 60_000 });
  await accessible();
  await shot("suggested");
  const lead = (at) => page.locator(".suggestion").nth(at).getAttribute("data-lead");
  const [first, second] = [await lead(0), await lead(1)];
  await page.keyboard.press("j");
  await page.keyboard.press("e");
  await page.keyboard.press("Escape");
  await page.locator(".suggestion").first().locator("input[name=reason]").fill("not a term of ours");
  await page.keyboard.press("Escape");
  await page.keyboard.press("r");
  await page.waitForFunction((gone) => ![...document.querySelectorAll(".suggestion")].some((one) => one.dataset.lead === gone), first);
  assert.equal(await lead(0), second);
  // The next has the focus.
  const term = await page.locator(".suggestion").first().locator("input[name=text]").first().inputValue();
  await page.keyboard.press("a");
  await page.locator(".done").waitFor();
  await page.waitForFunction((gone) => ![...document.querySelectorAll(".suggestion")].some((one) => one.dataset.lead === gone), second);
  assert.ok((await glossary()).includes(term), term);
  await page.reload();
  await page.locator(".suggestion").first().waitFor();
  const leads = await page.locator(".suggestion").evaluateAll((all) => all.map((one) => one.dataset.lead));
  assert.ok(!leads.includes(first) && !leads.includes(second));
  await page.locator(".refused summary").click();
  await page.locator(".refused li", { hasText: "not a term of ours" }).waitFor();

  // A concept added from the list by keyboard.
  await page.goto("/terms");
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("n");
  await page.keyboard.type("Open Gate Day");
  await page.keyboard.press("Enter");
  await page.locator("#preview .told", { hasText: "Open Gate Day" }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/terms\/open-gate-day\?done=/);
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("?");
  await page.locator("#keys[open]").waitFor();
  await page.keyboard.press("Escape");

  // On a phone, and dark.
  const phone = await open({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, colorScheme: "dark", locale: "az" });
  for (const [name, address] of [["phone", "/terms"], ["phone-concept", "/terms/parliament?show=wrong"], ["phone-suggested", "/terms/suggested"]]) {
    await phone.goto(address);
    const [inner, whole] = await phone.evaluate(() => [document.documentElement.clientWidth, document.documentElement.scrollWidth]);
    assert.ok(whole <= inner, `${address} is ${whole} wide on a screen of ${inner}`);
    await shot(name, phone);
  }
}
