/** Opens an address in the user's browser. */
import { spawn } from "node:child_process";

type Command = [program: string, ...args: string[]];

/**
 * Returns the command that opens an address: that of BROWSER where it is set, else the platform's. Undefined where no browser of
 * the user's can be reached: over SSH, without a display, in CI.
 */
export function browserCommand(
  url: string,
  env: Record<string, string | undefined>,
  platform: NodeJS.Platform = process.platform,
): Command | undefined {
  // Several may be named, as Python and xdg-open take it.
  const named = env.BROWSER?.split(platform === "win32" ? ";" : ":")[0]?.trim();
  if (named) {
    const [program = "", ...args] = named.split(/\s+/);
    if (program === "none") return undefined;
    const given = args.map((each) => each.replaceAll("%s", url));
    return [program, ...(args.some((each) => each.includes("%s")) ? given : [...given, url])];
  }
  if (env.CI || env.SSH_CONNECTION || env.SSH_TTY) return undefined;
  if (platform === "darwin") return ["open", url];
  if (platform === "win32" || env.WSL_DISTRO_NAME) return ["rundll32.exe", "url.dll,FileProtocolHandler", url];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ["xdg-open", url] : undefined;
}

/** Resolves whether the browser's program could be started. */
export function openBrowser(url: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const [program, ...args] = browserCommand(url, env) ?? [];
  if (program === undefined) return Promise.resolve(false);
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: "ignore", detached: true, windowsHide: true });
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}
