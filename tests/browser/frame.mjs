// What all pages share: the way to the content, the navigation, the language of the interface.
export default async function walk({ page, assert, accessible, open, shot, expected }) {
  await page.goto("/");
  const addresses = await page.locator(".top nav a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  assert.ok(addresses.includes("/"));
  for (const address of addresses) {
    await page.goto(address);
    assert.equal(await page.locator(".top nav a[aria-current=page]").getAttribute("href"), address);
    assert.equal(await page.locator("h1").count(), 1, `${address} has one heading of the first order`);
    await accessible();
  }
  // By keyboard alone: past the navigation, to the content.
  await page.goto("/");
  await page.evaluate(() => document.activeElement.blur());
  await page.locator(".skip").focus();
  await page.keyboard.press("Enter");
  assert.equal(new URL(page.url()).hash, "#main");
  // Each language is shown in itself, and kept.
  for (const language of ["az", "ru", "en"]) {
    await page.locator(`.interface button[value=${language}]`).click();
    assert.equal(await page.locator("html").getAttribute("lang"), language);
    await page.goto("/");
    assert.equal(await page.locator("html").getAttribute("lang"), language);
  }
  // On a phone nothing is wider than the screen.
  const phone = await open({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  for (const address of addresses) {
    await phone.goto(address);
    const [inner, whole] = await phone.evaluate(() => [document.documentElement.clientWidth, document.documentElement.scrollWidth]);
    assert.ok(whole <= inner, `${address} is ${whole} wide on a screen of ${inner}`);
  }
  await shot("phone", phone);
  // A page that is not there says so in the user's language.
  await page.goto("/no-such-page");
  assert.match(await page.locator("h1").textContent(), /no such page/);
  expected(/404/);
}
