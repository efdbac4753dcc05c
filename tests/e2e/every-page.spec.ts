import { makeSessions, pageStates } from "./support/page-states";
import { photograph } from "./support/test";
import { expect, expectAccessible, testWithModel } from "./support/with-model";

const test = testWithModel({ protocol: "bedrock" });

/** High enough that nothing is half under what stays at the foot. */
const [WIDE, PHONE] = [
  { width: 1440, height: 1600 },
  { width: 390, height: 2400 },
];
/** `REDLINE_PHOTOGRAPHS=review` takes pictures of the states whose names begin so. */
const photographed = process.env.REDLINE_PHOTOGRAPHS;

test("every page in each of its states is accessible in light and in dark, and on a phone", async ({
  page,
  model,
  noise,
}) => {
  test.setTimeout(60 * 60_000);
  noise.expect(/status of 404|response 404/);
  const sessions = await makeSessions(page);
  for (const { name, hasMenuOpen, open } of pageStates(sessions, model)) {
    await test.step(name, async () => {
      await page.setViewportSize({ width: 1440, height: 900 });
      await open(page);
      if (photographed !== undefined && name.startsWith(photographed)) await photograph(page, name);
      await page.setViewportSize(WIDE);
      await expectAccessible(page);
      await page.setViewportSize(PHONE);
      // A menu lies over controls that come back when it closes.
      await expectAccessible(page, { themes: ["light"], without: hasMenuOpen ? ["target-size"] : [] });
      const excess = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect.soft(excess, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
    });
  }
});
