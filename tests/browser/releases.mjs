// An editor looks over the office, opens a release, lets a finding stand, and says how far the release is.
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

export const setup = async ({ folder, yaddash }) => {
  for (const language of ["en", "az", "ru"]) await cp(join(folder, `releases/004.${language}.txt`), join(folder, `releases/2026/o 4.${language}.txt`));
  const more = async (name, text) => writeFile(join(folder, name), (await readFile(join(folder, name), "utf8")) + text);
  await more("releases/2026/o 4.en.txt", "\n\nThe visitors left on Friday.\n");
  await yaddash("run", "releases");
};

export default async function walk({ page, assert, accessible, open, shot, yaddash, folder, expected }) {
  await page.goto("/releases");
  await page.waitForFunction(() => document.querySelector(".gate") && !document.querySelector(".progress"), null, { timeout: 90_000 });
  await accessible();
  await shot("list");
  const rows = page.locator("table.releases tbody tr");
  const all = await rows.count();
  // The filter follows what is typed, and stands in the address.
  await page.getByLabel("Release", { exact: true }).fill("2026/");
  await page.waitForFunction(() => document.querySelectorAll("table.releases tbody tr").length === 1);
  assert.match(page.url(), /q=2026%2F/);
  await page.reload();
  assert.equal(await rows.count(), 1);
  await page.goto("/releases");
  assert.equal(await rows.count(), all);

  await page.getByRole("link", { name: "2026/o 4" }).click();
  assert.equal(await page.locator("h1").textContent(), "2026/o 4");
  const mark = page.locator(".texts mark.error");
  assert.deepEqual(await mark.allTextContents(), ["Milli Mejlis"]);
  assert.equal(await page.locator(".texts thead th").count(), 4);
  await accessible();
  await shot("release");
  // From the mark to the finding and back.
  await mark.click();
  const finding = page.locator(".finding:target");
  assert.match(await finding.textContent(), /forbidden variant/);
  await finding.locator("a.go").click();
  assert.equal(await page.locator("a.mark:target").textContent(), "Milli Mejlis");

  // It is let stand, for a reason.
  const first = page.locator(".finding", { hasText: "forbidden variant" });
  await first.locator("summary", { hasText: "Accept" }).click();
  await first.locator(".accept input").fill("the name of a book");
  await page.keyboard.press("Enter");
  await page.locator(".finding.accepted", { hasText: "the name of a book" }).waitFor();
  assert.match(await yaddash("check", "accepted"), /the name of a book \(anna, /);
  await page.getByRole("button", { name: "No longer accept" }).click();
  await page.locator(".texts mark.error").waitFor();

  // How far it is; and taken back.
  await page.locator(".say summary").click();
  await page.locator(".say label", { hasText: "Русский" }).locator("input").uncheck();
  await page.locator(".say select[name=state]").selectOption("reviewed");
  await page.locator(".say input[name=date]").fill("2026-03-01");
  await page.getByRole("button", { name: "Keep" }).click();
  await page.locator(".kept").waitFor();
  const states = page.locator(".sides td:nth-child(2) .tag:first-child");
  assert.deepEqual((await states.allTextContents()).sort(), ["published", "reviewed", "reviewed"]);
  await accessible();
  assert.match(await yaddash("release", "show", "2026/o 4"), /reviewed/);
  await page.locator(".kept").getByRole("button", { name: "Undo" }).click();
  await page.locator("#history").waitFor();
  assert.doesNotMatch(await yaddash("release", "show", "2026/o 4"), /reviewed/);

  // What others do appears by itself; what is being typed stays.
  await page.locator(".say summary").click();
  await page.locator(".say input[name=url]").fill("https://example.org/half");
  await yaddash("release", "set", "2026/o 4", "--state", "draft");
  await page.waitForFunction(() => [...document.querySelectorAll(".sides .tag")].some((tag) => tag.textContent === "draft"));
  assert.equal(await page.locator(".say input[name=url]").inputValue(), "https://example.org/half");
  await page.locator(".say input[name=url]").fill("nowhere");
  await page.getByRole("button", { name: "Keep" }).click();
  assert.match(await page.locator("main").textContent(), /An address is written/);
  expected(/400/);

  // On a phone nothing is wider than the screen.
  const phone = await open({ viewport: { width: 390, height: 844 }, locale: "ru-RU" });
  for (const address of ["/releases", "/releases/2026/o%204"]) {
    await phone.goto(address);
    await phone.locator("table").first().waitFor();
    const [inner, whole] = await phone.evaluate(() => [document.documentElement.clientWidth, document.documentElement.scrollWidth]);
    assert.ok(whole <= inner, `${address} is ${whole} wide on a screen of ${inner}`);
    await accessible(phone);
    await shot(address.length > 9 ? "phone-release" : "phone-list", phone);
  }
}
