// The memory: a unit found, edited, approved, deleted, and all of it taken back.
export const setup = async ({ folder, yaddash }) => {
  const { writeFile } = await import("node:fs/promises");
  const { join } = await import("node:path");
  await writeFile(join(folder, "agency.tsv"), "en\taz\nThe lighthouse works day and night.\tMayak gecə-gündüz işləyir.\nThe lighthouse has a new number.\tMayakın yeni nömrəsi var.\n");
  await yaddash("import", "agency.tsv");
  await writeFile(join(folder, "outside.tsv"), "en\taz\nWe have 5 offices.\tBizim 7 ofisimiz var.\nThank you for your call.\tZənginizə görə təşəkkür edirik.\n");
  await yaddash("import", "--quarantine", "outside.tsv");
};

export default async function walk({ page, assert, accessible, open, shot, yaddash, expected }) {
  await page.goto("/units");
  await page.locator("#wanted [name=q]").fill("lighthouse");
  await page.waitForFunction(() => document.querySelectorAll(".unit").length === 2);
  await accessible();
  await shot("found");
  // By keys: to the second, and open it.
  await page.locator("h1").click();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.locator("#sheet").waitFor();
  await accessible();
  const address = new URL(page.url()).pathname;
  const az = page.locator("textarea[name='text.az']");
  assert.equal(await az.getAttribute("lang"), "az");
  // Somebody else is faster: nothing is lost.
  await az.fill("Mayakın təzə nömrəsi var.");
  const other = await open();
  await other.goto(address);
  await other.locator("textarea[name='text.az']").fill("Mayakın nömrəsi dəyişib.");
  await other.keyboard.press("Control+Enter");
  await other.locator(".notice.good").waitFor();
  await page.locator("#sheet button.main").click();
  await page.locator("[role=alert]", { hasText: "Somebody has changed" }).waitFor();
  expected(/409/);
  assert.equal(await az.inputValue(), "Mayakın təzə nömrəsi var.");
  assert.match(await page.locator(".theirs").textContent(), /nömrəsi dəyişib/);
  assert.equal(await page.locator("#sheet [name=state]").inputValue(), "approved", "a state left alone is the stored one");
  await shot("overtaken");
  await page.locator("#sheet button.main").click();
  await page.locator(".notice.good").waitFor();
  assert.equal(await page.locator(".steps li").count(), 3);
  await shot("edited");
  // What was stored is taken back, and that as well.
  await page.locator(".notice a", { hasText: "Undo" }).click();
  await page.locator("button.main", { hasText: "Undo" }).click();
  assert.match(await page.locator("h1").textContent(), /^Batch/);
  assert.match(await page.locator("main").textContent(), /undoes batch/);
  await page.goto(address);
  assert.equal(await az.inputValue(), "Mayakın nömrəsi dəyişib.");
  // Several at once: shown before it is done.
  await page.goto("/units?q=lighthouse");
  await page.locator("#tick").check();
  await page.locator("button[value=delete]").click();
  assert.equal(await page.locator("#count").textContent(), "2");
  await accessible();
  await shot("preview");
  await page.locator("button[name=deed]").click();
  assert.match(await page.locator("h1").textContent(), /^Batch/);
  const batch = new URL(page.url()).pathname;
  await page.goto("/units?q=lighthouse");
  assert.equal(await page.locator(".unit").count(), 0);
  await page.goto(`${batch}/undo`);
  await page.locator("button.main").click();
  await page.goto("/units?q=lighthouse");
  assert.equal(await page.locator(".unit").count(), 2);
  // An edit that a later one stands upon: the conflict is shown.
  await page.goto("/history");
  await accessible();
  await shot("history");
  const edits = await page.locator("tr", { hasText: "edit unit" }).locator("td a").first().getAttribute("href");
  assert.match(edits, /^\/history\/\d+$/);
  await page.goto("/history/2/undo");
  await page.locator("fieldset input[value=keep]").waitFor();
  await accessible();
  // Quarantine: what the audit found, and taken in.
  await page.goto("/units");
  await page.locator("a[href='/units?waiting=1']").click();
  assert.equal(await page.locator(".unit").count(), 2);
  assert.match(await page.locator(".unit").first().locator(".flaw").textContent(), /number/);
  await page.locator("[name=fault]").selectOption("none");
  await page.waitForFunction(() => document.querySelectorAll(".unit").length === 1);
  await page.locator("[name=all]").check();
  await page.locator("button[value=accept]").click();
  await page.locator("button[name=deed]").click();
  assert.match(await page.locator("main").textContent(), /accept/);
  assert.match(await yaddash("memory", "find", "Thank you for your call"), /imported/);
  const phone = await open({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, colorScheme: "dark" });
  for (const way of ["/units", address, "/history", batch]) {
    await phone.goto(way);
    assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), way);
  }
  await phone.goto(address);
  await shot("phone", phone);
}
