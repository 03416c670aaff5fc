// Files in, seen before they are stored, and out again.
export default async function walk({ page, assert, accessible, open, shot, yaddash }) {
  await page.goto("/files");
  await accessible();
  await shot("page");
  const table = "en\taz\nThe library opens at nine.\tKitabxana saat doqquzda açılır.\nThe café is closed.\n";
  await page.locator("[name=file]").setInputFiles({ name: "library.tsv", mimeType: "text/plain", buffer: Buffer.from(table) });
  await page.locator("#import button.main").click();
  await page.locator(".outcome").waitFor();
  assert.match(await page.locator(".outcome h2").textContent(), /library\.tsv/);
  assert.match(await page.locator(".outcome").textContent(), /Kitabxana saat doqquzda açılır/);
  await accessible();
  await shot("preview");
  assert.equal(await yaddash("memory", "find", "library").catch((error) => error.stdout), "", "a preview stores nothing");
  await page.locator("button[value=import]").click();
  await page.locator(".notice.good").waitFor();
  assert.match(await yaddash("memory", "find", "library"), /library\.tsv/);
  // Taken back.
  await page.locator("a", { hasText: "Undo" }).click();
  await page.locator("button.main").click();
  assert.match(await page.locator("main").textContent(), /undo of/);
  assert.equal(await yaddash("memory", "find", "library").catch((error) => error.stdout), "");
  // What is no file of ours is told, and nothing is imported.
  await page.goto("/files");
  await page.locator("[name=file]").setInputFiles({ name: "page.tmx", mimeType: "text/xml", buffer: Buffer.from("<!DOCTYPE html><html>") });
  await page.locator("#import button.main").click();
  await page.locator(".outcome .error", { hasText: "HTML page" }).waitFor();
  assert.ok(await page.locator("button[value=import]").isDisabled());
  // Out.
  await page.goto("/files");
  await page.locator("#export [name=form]").selectOption("csv");
  const saved = page.waitForEvent("download");
  await page.locator("#export button.main").click();
  const download = await saved;
  assert.match(download.suggestedFilename(), /^yaddash-\d{4}-\d\d-\d\d\.csv$/);
  const { readFile } = await import("node:fs/promises");
  assert.match(await readFile(await download.path(), "utf8"), /id,en,az,ru/);
  // A backup, and the check.
  await page.locator("button", { hasText: "Back up now" }).click();
  await page.locator("#backups .notice.good").waitFor();
  assert.equal(await page.locator("#backups tbody tr").count(), 1);
  await page.locator("a", { hasText: "Check the memory" }).click();
  await page.locator(".notice.good", { hasText: "sound" }).waitFor();
  await accessible();
  const phone = await open({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, colorScheme: "dark" });
  await phone.goto("/files");
  assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
  await shot("phone", phone);
}
