import { expect, it } from "vitest";
import { browserCommand } from "./open-browser";

const URL = "http://localhost:3000/sessions/ses_1?a=1&b=2";

it("opens the platform's browser where there is a display", () => {
  expect(browserCommand(URL, { DISPLAY: ":0" }, "linux")).toEqual(["xdg-open", URL]);
  expect(browserCommand(URL, { WAYLAND_DISPLAY: "wayland-0" }, "linux")).toEqual(["xdg-open", URL]);
  expect(browserCommand(URL, {}, "darwin")).toEqual(["open", URL]);
  // No shell reads the address, whose & would end a command there.
  expect(browserCommand(URL, {}, "win32")).toEqual(["rundll32.exe", "url.dll,FileProtocolHandler", URL]);
});

it("opens none over SSH, in CI and without a display, unless BROWSER names one", () => {
  for (const env of [{}, { DISPLAY: ":0", SSH_CONNECTION: "1" }, { DISPLAY: ":0", CI: "true" }]) {
    expect(browserCommand(URL, env, "linux")).toBeUndefined();
    expect(browserCommand(URL, { ...env, BROWSER: "firefox --new-tab:w3m" }, "linux")).toEqual([
      ...["firefox", "--new-tab", URL],
    ]);
  }
  expect(browserCommand(URL, { BROWSER: "view --at=%s --wait" }, "linux")).toEqual(["view", `--at=${URL}`, "--wait"]);
  expect(browserCommand(URL, { BROWSER: "none", DISPLAY: ":0" }, "linux")).toBeUndefined();
});
