// The review of a set's alignment: from its first key to its last, by drag, half-way and back, and in two browsers.
const ENGLISH = `Open day at the Gabala office

The State Migration Service opened its office in Gabala on 14 June; 60 people work there.

Visitors praised the bright rooms. A concert was given in the evening. Tea was served.

The next open day is in 2027.
`;
const AZERBAIJANI = `Qəbələ idarəsində açıq qapı günü

Dövlət Miqrasiya Xidməti iyunun 14-də Qəbələdə idarə açıb; orada 60 nəfər çalışır.

Qonaqlar işıqlı otaqları bəyəniblər. Axşam konsert verilib. Çay süfrəsi açılıb.

Növbəti açıq qapı günü 2027-ci ildədir.
`;
const RUSSIAN = `День открытых дверей в отделении в Габале

Государственная миграционная служба открыла 14 июня отделение в Габале; там работают 60 человек.

Посетители похвалили светлые залы. Вечером состоялся концерт. Подавали чай.

Следующий день открытых дверей — в 2027 году.
`;

export const setup = async ({ folder, yaddash }) => {
  const { writeFile, mkdir } = await import("node:fs/promises");
  await mkdir(`${folder}/day`);
  for (const [language, text] of [["en", ENGLISH], ["az", AZERBAIJANI], ["ru", RUSSIAN]]) await writeFile(`${folder}/day/day.${language}.txt`, text);
  await yaddash("run", "day");
};

export default async function walk({ page, open, assert, accessible, shot, expected, yaddash }) {
  // The list, and one set of it.
  await page.goto("/align");
  assert.match(await page.locator("table.sets").textContent(), /day/);
  await accessible();
  await shot("list");
  await page.locator(".sets a", { hasText: "day" }).click();
  await page.waitForSelector("#beads .bead.current");
  await accessible();

  const key = async (...keys) => { for (const one of keys) await page.keyboard.press(one); };
  /** Waits until all that was asked for is stored. */
  const settled = (of = page) => of.waitForFunction(() => !document.getElementById("tools").hasAttribute("aria-busy"));
  const rows = (of = page) => of.locator(".bead:not(.context)").evaluateAll((all) => all
    .map((row) => [row.bead.n, [...row.querySelectorAll(".side")].map((side) => [...side.querySelectorAll(".seg")].map((seg) => seg.textContent).join(" ")).join(" | "), row.classList.contains("accepted")])
    .sort((a, b) => a[0] - b[0]));
  const texts = async (of = page) => (await rows(of)).map((row) => row[1]);
  const current = () => page.locator(".bead.current").evaluate((row) => row.bead.n);
  const to = async (n) => { await key("Home"); for (let k = 0; k < 60 && await current() !== n; k += 1) await key("j"); assert.equal(await current(), n); };

  // In the order of the text, kept over a reload.
  await key("o");
  assert.equal(await page.locator('[data-do="order"]').getAttribute("aria-pressed"), "false");
  const first = await texts();
  const start = await rows();
  const find = async (part) => (await texts()).findIndex((text) => text.includes(part));
  // Arrows and letters move alike.
  await key("Home");
  assert.equal(await current(), 0);
  await key("ArrowDown", "j", "ArrowUp", "k");
  assert.equal(await current(), 0);
  // The keys are told.
  await key("?");
  assert.ok(await page.locator("#keys").isVisible());
  await accessible();
  await key("Escape");

  // Accept: kept, and one goes on.
  await key("a");
  await settled();
  assert.ok((await rows())[0][2]);
  assert.notEqual(await current(), 0);

  // Split at the carets of all three languages, then merge again.
  const long = await find("60 people");
  await to(long);
  for (const part of [" 60 people", " orada", " там"]) {
    const cell = page.locator(".bead.current .side", { hasText: part });
    await cell.focus();
    const words = await cell.evaluate((side, want) => side.querySelector(".seg").textContent.split(want)[0].split(/\s+/).length, part);
    for (let k = 0; k < words; k += 1) await key("ArrowRight");
  }
  await shot("carets");
  await key("s");
  await settled();
  let now = await texts();
  assert.equal(now.length, first.length + 1);
  assert.equal(now[long + 1], "60 people work there. | orada 60 nəfər çalışır. | там работают 60 человек.");
  await key("m");
  await settled();
  now = await texts();
  assert.equal(now.length, first.length);
  await key("u");
  await settled();
  assert.equal((await texts()).length, first.length + 1);
  await key("U");
  await settled();
  assert.equal((await texts()).length, first.length);
  await key("Control+z");
  await settled();
  assert.equal((await texts()).length, first.length + 1);

  // A segment goes down with Alt+↓, and up again.
  const concert = await find("A concert");
  await to(concert);
  await page.locator(".bead.current .side[lang=az]").focus();
  await key("Alt+ArrowDown");
  await settled();
  assert.equal(await current(), concert + 1, "one goes with the segment");
  assert.match((await texts())[concert + 1], /Axşam konsert verilib\./);
  await key("Alt+ArrowUp");
  await settled();
  assert.match((await texts())[concert], /A concert .*Axşam konsert verilib\./);

  // Unlinked each segment stands alone.
  const tea = await find("Tea was");
  await to(tea);
  await key("x");
  await settled();
  assert.equal((await texts()).filter((text) => /Tea|Çay|чай/.test(text)).length, 3);
  await key("u");
  await settled();

  // The unit's text is edited; what is typed and not changed is no edit.
  await to(tea);
  await page.locator(".bead.current .side[lang=az]").focus();
  await key("e");
  await accessible();
  await page.locator("#edit textarea[lang=az]").fill("Qonaqlara çay verilib.");
  await page.locator("#edit button.main").click();
  await page.waitForSelector(".edited");
  assert.match(await page.locator(".bead.current .edited").textContent(), /Qonaqlara çay verilib\./);
  assert.match(await yaddash("memory", "find", "Qonaqlara"), /Qonaqlara çay verilib/);

  // Left half-way, and found again as it was.
  const left = [await rows(), await current()];
  await page.reload();
  await page.waitForSelector(".bead.current");
  assert.deepEqual([await rows(), await current()], left);

  // All above a score, then what is left anew.
  await key("A");
  await page.locator("#all input").fill("60");
  assert.match(await page.locator("#all-count").textContent(), /: [1-9]/);
  await page.keyboard.press("Enter");
  await page.waitForFunction((count) => document.querySelectorAll(".bead.accepted:not(.context)").length > count, left[0].filter((row) => row[2]).length);
  await settled();
  const sure = (await rows()).filter((row) => row[2]).length;
  assert.ok(sure > left[0].filter((row) => row[2]).length);
  await key("r");
  await settled();
  assert.equal((await rows()).filter((row) => row[2]).length, sure, "accepted beads stay");
  if ((await page.locator("#told p.error").count()) > 0) expected(/400/);

  // By mouse: a segment is dragged to the bead below, and with the button one step is taken back.
  const before = await texts();
  const from = await find("Visitors");
  const seg = page.locator(".bead:not(.context)", { hasText: "Visitors" }).locator(".side[lang=ru] .seg");
  await seg.dragTo(page.locator(".bead:not(.context)", { hasText: "A concert" }).locator(".side[lang=ru]"));
  await settled();
  now = await texts();
  assert.match(now[from + 1], /A concert .*Посетители похвалили светлые залы\. Вечером состоялся концерт\./);
  await shot("dragged");
  // A second browser sees it without being asked to.
  const other = await open();
  await other.goto("/align/day?order=text");
  await other.waitForSelector(".bead.current");
  assert.deepEqual(await texts(other), now);
  await page.locator('[data-do="undo"]').click();
  await settled();
  assert.deepEqual(await texts(), before);
  await other.waitForFunction((count) => document.querySelectorAll(".bead:not(.context)").length === count && [...document.querySelectorAll(".bead:not(.context)")].some((row) => /A concert/.test(row.textContent) && !/Посетители/.test(row.textContent)), before.length);
  assert.match(await other.locator("#told").textContent(), /Somebody else/);
  // Dragged onto the button a segment stands alone; a number on its neighbour merges.
  await page.locator(".bead:not(.context)", { hasText: "A concert" }).locator(".side[lang=ru] .seg").dragTo(page.locator('[data-do="unlink"]'));
  await settled();
  assert.ok((await texts()).some((text) => text === " |  | Вечером состоялся концерт."), (await texts()).join("\n"));
  await key("u");
  await settled();
  await page.locator(".bead:not(.context)", { hasText: "A concert" }).locator(".head b").dragTo(page.locator(".bead:not(.context)", { hasText: "Tea was" }).locator(".head b"));
  await settled();
  assert.ok((await texts()).some((text) => /A concert .*Tea was served\./.test(text)));

  // Two at once: the second is told, and nothing is lost.
  await other.waitForFunction(() => [...document.querySelectorAll(".bead")].some((row) => /A concert .*Tea was served/.test(row.textContent)));
  await page.route("**/changes", (route) => route.fulfill({ status: 204 }));
  await other.keyboard.press("End");
  await other.keyboard.press("a");
  await settled(other);
  const theirs = (await rows(other)).length;
  await key("Home", "a");
  await settled();
  assert.match(await page.locator("#told").textContent(), /Somebody else/);
  assert.equal((await rows()).length, theirs);
  expected(/409/);
  await page.unroute("**/changes");

  // All the way back: as the aligner left it.
  for (let k = 0; k < 40 && await page.locator('[data-do="undo"]').isEnabled(); k += 1) { await key("u"); await settled(); }
  assert.deepEqual(await rows(), start);

  // Least sure first; on a phone, and in the dark.
  await key("o", "n");
  await shot("doubt");
  await page.emulateMedia({ colorScheme: "dark" });
  await shot("dark");
  await page.emulateMedia({ colorScheme: null });
  const phone = await open({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, locale: "az" });
  await phone.goto("/align/day");
  await phone.waitForSelector(".bead.current");
  const [inner, whole] = await phone.evaluate(() => [document.documentElement.clientWidth, document.documentElement.scrollWidth]);
  assert.ok(whole <= inner, `${whole} wide on a screen of ${inner}`);
  await accessible(phone);
  await shot("phone", phone);
}
