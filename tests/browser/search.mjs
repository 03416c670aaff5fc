// Looking something up: as one types, narrowed, copied by its key.
export default async function walk({ page, assert, accessible, open, shot, expected }) {
  await page.goto("/");
  const box = page.locator("#search [name=q]");
  assert.ok(await box.evaluate((own) => own === document.activeElement), "one can type at once");
  await page.keyboard.type("State Migration Service sums up the first half of 2025");
  const match = page.locator(".match").first();
  await match.waitFor();
  // The year is put in, and that is said.
  assert.match(await match.textContent(), /numbers put in/);
  assert.equal(await match.locator(".source ins.stored").textContent(), "2026");
  assert.match(page.url(), /q=State/);
  await shot("match");
  await accessible();
  // While one types a key is text; with Alt it copies.
  await page.keyboard.press("Alt+1");
  await page.locator("#told", { hasText: "Copied" }).waitFor();
  const first = await match.locator("button.copy[data-key='1']").getAttribute("data-text");
  assert.match(first, /2025/);
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), first);
  // From the results on the key alone does.
  await page.keyboard.press("ArrowDown");
  assert.ok(await match.evaluate((own) => own === document.activeElement));
  await page.keyboard.press("2");
  const second = await match.locator("button.copy[data-key='2']").getAttribute("data-text");
  await page.waitForFunction(async (text) => await navigator.clipboard.readText() === text, second);
  assert.notEqual(second, first);
  await page.keyboard.press("/");
  assert.ok(await box.evaluate((own) => own === document.activeElement), "/ goes to the text");
  // Fewer: into one language, of one release.
  await page.locator(".filters summary").click();
  await page.locator("[name=to]").selectOption("ru");
  await page.waitForFunction(() => document.querySelectorAll(".match:first-of-type .target").length === 1);
  assert.equal(await page.locator(".match").first().locator(".target .text").getAttribute("lang"), "ru");
  await page.locator("[name=origin]").fill("no such*");
  await page.waitForFunction(() => !document.querySelector(".match"));
  await page.locator("[name=origin]").fill("");
  await page.locator(".match").first().waitFor();
  // The concordance: marked, lined up, more of it, as a file.
  await box.fill("migr");
  await page.locator(".line mark").first().waitFor();
  assert.equal(await page.locator(".line").count(), 30);
  await page.locator("[name=view]").check();
  await page.locator(".lines.aligned").waitFor();
  await shot("aligned");
  await accessible();
  await page.locator("button.more").click();
  await page.waitForFunction(() => document.querySelectorAll(".line").length > 30);
  const saved = page.waitForEvent("download");
  await page.locator("a[download]", { hasText: "CSV" }).click();
  assert.equal((await saved).suggestedFilename(), "concordance.csv");
  // What is no expression is told where the lines would be.
  await page.locator("[name=form]").selectOption("regex");
  await box.fill("(");
  await page.locator("#found .error", { hasText: "no regular expression" }).waitFor();
  // An address can be sent to a colleague; without scripts it is the same page.
  const plain = await open({ javaScriptEnabled: false });
  await plain.goto("/?q=State+Migration+Service&form=word");
  assert.ok(await plain.locator(".line mark").count() > 0);
  const phone = await open({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, colorScheme: "dark" });
  await phone.goto("/?q=State+Migration+Service+sums+up+the+first+half+of+2025");
  await phone.locator(".match").first().waitFor();
  assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
  await shot("phone", phone);
}
