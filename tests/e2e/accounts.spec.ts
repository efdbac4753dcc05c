import type { Browser, Page } from "@playwright/test";
import { newDataDir, type RunningProduct, removeDataDir, startProduct } from "./support/product";
import { reviewed } from "./support/review";
import { makeSession } from "./support/sessions";
import { test as base, expect, expectAccessible, photograph } from "./support/test";

const SECRET = "the code that the launcher has";
const PASSWORD = "seven quiet otters paddle";
const OTHER_PASSWORD = "nine brass kettles whistle";

/** The product with accounts, in which nobody has signed up. */
const test = base.extend<object, { product: RunningProduct }>({
  product: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern
    async ({}, use) => {
      const dataDir = newDataDir();
      const env = { REDLINE_AUTH: "on", REDLINE_OPERATOR_SECRET: SECRET };
      const product = await startProduct({ dataDir, env });
      await use(product);
      await product.stop();
      removeDataDir(dataDir);
    },
    { scope: "worker" },
  ],
});

test.describe.configure({ mode: "serial" });

async function fillSignUp(page: Page, { name, password = PASSWORD, ...more }: Record<string, string>): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill(name ?? "");
  await page.getByLabel("Username").fill(more.username ?? "");
  if (more.email) await page.getByLabel("E-mail address", { exact: true }).fill(more.email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  if (more.claim) await page.getByLabel("Claim code").fill(more.claim);
  await page.keyboard.press("Enter");
}

async function signIn(page: Page, login: string, password = PASSWORD): Promise<void> {
  await page.goto("/auth/sign-in");
  await page.getByLabel("Username or e-mail address").fill(login);
  await page.getByLabel("Password").fill(password);
  await page.keyboard.press("Enter");
}

/** Follows the link of the newest mail to an address, as its reader would, in their own browser. */
async function followMail(operator: Page, reader: Page, to: string): Promise<void> {
  await operator.goto("/dev/mail");
  const mail = operator
    .getByRole("article")
    .filter({ hasText: `To ${to},` })
    .first();
  const href = await mail.getByRole("link").getAttribute("href");
  await reader.goto(href ?? "");
}

const newBrowser = async (browser: Browser, product: RunningProduct, options = {}) =>
  (await browser.newContext({ baseURL: product.url, ...options })).newPage();

test("the first person claims Redline, invites a colleague, and both review one session until one is removed", async ({
  page,
  browser,
  product,
  noise,
}) => {
  noise.expect(/40[0134]/);
  await page.goto("/sessions/new");
  await page.getByRole("link", { name: "Create the first one" }).click();
  await expectAccessible(page);
  await photograph(page, "sign-up-first");
  const ada = { name: "Ada Lane", username: "ada", email: "ada@example.com", claim: "a guess" };
  await fillSignUp(page, ada);
  await expect(page.getByText("Incorrect claim code. No account was made.")).toBeVisible();
  await expect(page.getByLabel("E-mail address", { exact: true })).toHaveValue(ada.email);
  await photograph(page, "sign-up-refused");
  await fillSignUp(page, { ...ada, claim: SECRET });
  await expect(page.getByText("This laptop")).toBeVisible();

  await page.getByRole("link", { name: "Teams" }).click();
  await expect(page.getByRole("heading", { name: "Teams" })).toBeVisible();
  await page.getByLabel("Name").fill("Night shift");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Night shift" })).toBeVisible();
  await page.getByLabel("E-mail address", { exact: true }).fill("ben@example.com");
  await page.getByLabel("Role", { exact: true }).selectOption("designer");
  await page.getByRole("button", { name: "Invite" }).click();
  await expect(page.getByRole("list", { name: "Open invitations" })).toContainText("ben@example.com");
  await page.getByText("What each role may do").click();
  await expectAccessible(page);
  await photograph(page, "team");
  const teamPath = new URL(page.url()).pathname;
  await page.goto("/sessions/new");
  await expect(page.getByText("Night shift")).toBeVisible();
  const id = await makeSession(page, "Shared", { "a.ts": "export function f() {\n  debugger;\n}\n" });
  await page.goto(`/sessions/${id}`);
  await reviewed(page);

  const ben = await newBrowser(browser, product);
  await followMail(page, ben, "ben@example.com");
  await expect(ben.getByRole("heading", { name: "Join Night shift" })).toBeVisible();
  expect(ben.url()).toBe(`${product.url}/auth/invitation`);
  await expectAccessible(ben);
  await photograph(ben, "invitation");
  await ben.getByRole("link", { name: "Create an account" }).click();
  await fillSignUp(ben, { name: "Ben Ode", username: "ben", password: "Password123!" });
  await expect(ben.getByText("common or easily guessed")).toBeVisible();
  await fillSignUp(ben, { name: "Ben Ode", username: "ben" });
  await expect(ben).toHaveURL(/\/sessions$/);
  await ben.getByRole("link", { name: "Shared", exact: true }).click();
  await reviewed(ben);
  await expect(ben.getByText("debugger").first()).toBeVisible();
  await ben.goto("/settings/account");
  await expect(ben.getByRole("navigation", { name: "Settings" }).getByRole("link")).toHaveText(["Account", "Model"]);
  expect((await ben.request.get("/dev/mail")).status()).toBe(404);
  expect((await ben.request.get("/ops")).status()).toBe(404);

  await page.goto(teamPath);
  await page.getByRole("button", { name: "Remove Ben Ode" }).click();
  await expect(page.getByText("Ben Ode was removed.").first()).toBeVisible();
  expect((await ben.request.get(`/sessions/${id}`)).status()).toBe(404);
  expect((await ben.request.get(`/logs/${id}.1`)).status()).toBe(404);
  expect((await ben.request.get(teamPath)).status()).toBe(404);
  await ben.goto("/sessions");
  await expect(ben.getByText("Shared", { exact: true })).toHaveCount(0);
});

test("a forgotten password is set anew by mail, which signs out every other browser", async ({
  page,
  browser,
  product,
  noise,
}) => {
  noise.expect(/401/);
  await signIn(page, "ada@example.com");
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
  const ben = await newBrowser(browser, product);
  await signIn(ben, "BEN");
  await expect(ben.getByRole("button", { name: "Sign out" })).toBeVisible();

  const other = await newBrowser(browser, product);
  await other.goto("/auth/sign-in");
  await expectAccessible(other);
  await photograph(other, "sign-in-account");
  await other.getByRole("link", { name: "Forgot your password?" }).click();
  await other.getByLabel("E-mail address", { exact: true }).fill("ben@example.com");
  await other.keyboard.press("Enter");
  await expect(other.getByText("a mail is on its way")).toBeVisible();
  await expectAccessible(other);
  await followMail(page, other, "ben@example.com");
  await expectAccessible(other);
  await photograph(other, "reset");
  await other.getByLabel("New password").fill(OTHER_PASSWORD);
  await other.keyboard.press("Enter");
  await expect(other.getByRole("button", { name: "Sign out" })).toBeVisible();
  await ben.goto("/sessions");
  await expect(ben).toHaveURL(/\/auth\/sign-in/);
  await signIn(ben, "ben", PASSWORD);
  await expect(ben.getByText("Incorrect username, e-mail address or password.")).toBeVisible();
  await signIn(ben, "ben", OTHER_PASSWORD);
  await expect(ben.getByRole("button", { name: "Sign out" })).toBeVisible();

  await other.goto("/settings/account");
  await expect(other.getByRole("listitem").filter({ hasText: "This browser" })).toBeVisible();
  await expectAccessible(other);
  await photograph(other, "account");
  await other.getByRole("button", { name: /^Sign out Chrome/ }).click();
  await expect(other.getByText("Signed out there.").first()).toBeVisible();
  await ben.goto("/sessions");
  await expect(ben).toHaveURL(/\/auth\/sign-in/);
});

test("people join, change teams and leave without JavaScript, on a phone", async ({
  page,
  browser,
  product,
  noise,
}) => {
  noise.expect(/401/);
  await signIn(page, "ada");
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
  await page.goto("/teams");
  await page.getByRole("link", { name: "Night shift" }).click();
  await page.getByLabel("E-mail address", { exact: true }).fill("cleo@example.com");
  await page.getByLabel("E-mail address", { exact: true }).press("Enter");
  await expect(page.getByRole("list", { name: "Open invitations" })).toContainText("cleo@example.com");
  const cleo = await newBrowser(browser, product, { javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
  await followMail(page, cleo, "cleo@example.com");
  await cleo.getByRole("link", { name: "Create an account" }).click();
  // Another address than the invitation's has to be confirmed.
  await fillSignUp(cleo, { name: "Cleo Marr", username: "cleo", email: "cleo@example.org" });
  await expect(cleo.getByRole("heading", { name: "Confirm your e-mail address" })).toBeVisible();
  await cleo.goto("/sessions");
  await expect(cleo).toHaveURL(/\/auth\/confirm$/);
  await followMail(page, cleo, "cleo@example.org");
  await cleo.getByRole("button", { name: "Confirm this address" }).click();
  await cleo.getByRole("button", { name: "Join Night shift" }).click();
  await expect(cleo.getByText("You are a member of Night shift.")).toBeVisible();
  await expect(cleo.getByRole("link", { name: "Shared", exact: true })).toBeVisible();

  await cleo.goto("/teams");
  await photograph(cleo, "teams");
  await cleo.getByRole("button", { name: "Work in Cleo Marr" }).click();
  await expect(cleo.getByRole("link", { name: "Shared", exact: true })).toHaveCount(0);
  await cleo.goto("/teams");
  await cleo.getByRole("link", { name: "Night shift" }).click();
  for (const path of ["/teams", new URL(cleo.url()).pathname, "/settings/account"]) {
    await cleo.goto(path);
    const excess = await cleo
      .locator("html")
      .evaluate((html) => html.scrollWidth - html.clientWidth)
      .catch(() => 0);
    expect(excess, path).toBeLessThanOrEqual(0);
  }
  await cleo.goto("/teams");
  await cleo.getByRole("link", { name: "Night shift" }).click();
  await cleo.getByRole("button", { name: "Leave team" }).click();
  await expect(cleo.getByRole("list", { name: "Your teams" })).not.toContainText("Night shift");
});

test("the operator secret still opens the operations page, and who was not invited can't sign up", async ({
  page,
  browser,
  product,
}) => {
  await page.goto("/auth/sign-in?as=operator");
  await page.getByLabel("Operator secret").fill(SECRET);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
  await page.goto("/ops");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("link", { name: "Teams" })).toHaveCount(0);
  const stranger = await newBrowser(browser, product);
  await stranger.goto("/auth/sign-up");
  await expect(stranger.getByText("Accounts here are by invitation.")).toBeVisible();
  await expectAccessible(stranger);
});
