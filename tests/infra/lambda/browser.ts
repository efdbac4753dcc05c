/** A browser at a deployed stage: signs in as its operator and keeps the cookie. */
import { expect } from "vitest";
import { type Deployed, SECRET } from "./deployed";
import { type HttpRequest, urlEvent } from "./events";

export class Browser {
  private cookie: string | undefined;

  constructor(private readonly stage: Deployed) {}

  /** Sends one request to the site, anonymously. */
  async site(request: HttpRequest, isFromEdge = true) {
    const site = await this.stage.function("SiteServerUseast1");
    const response = await site.stream(urlEvent(request, isFromEdge));
    return { ...response, text: response.parts.map((part) => part.text).join("") };
  }

  /** One request to the site, signed in. */
  async ask(request: HttpRequest) {
    return this.site({ ...request, cookies: await this.cookies() });
  }

  async cookies(): Promise<string[]> {
    this.cookie ??= await this.signIn();
    return [this.cookie];
  }

  async form(path: string, fields: Record<string, string>) {
    return this.ask({ method: "POST", path, body: new URLSearchParams(fields).toString() });
  }

  /** An act of the page's script; throws what is answered unless it was done. */
  async act<T>(path: string, body: object, method = "POST"): Promise<T> {
    const headers = { "content-type": "application/json", accept: "*/*" };
    const { statusCode, text } = await this.ask({ method, path, headers, body: JSON.stringify(body) });
    expect(statusCode, `${path} ${JSON.stringify(body)}: ${text}`).toBe(200);
    return JSON.parse(text) as T;
  }

  async paste(code: string, manifest?: object[]): Promise<string> {
    const form = await this.ask({ path: "/sessions/new" });
    const key = /name="key"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="key"/.exec(form.text);
    const response = await this.form("/sessions/new", {
      key: key?.[1] ?? key?.[2] ?? "",
      ...(code && { text: code, language: "typescript" }),
      name: "total.ts",
      ...(manifest && { manifest: JSON.stringify(manifest) }),
    });
    const [, session = ""] = /\/sessions\/(ses_\w+)/.exec(response.headers.location ?? "") ?? [];
    expect(session, response.text.slice(0, 500)).not.toBe("");
    return session;
  }

  private async signIn(): Promise<string> {
    const response = await this.site({
      method: "POST",
      path: "/auth/sign-in",
      body: new URLSearchParams({ secret: SECRET, to: "/sessions/new" }).toString(),
    });
    expect(response).toMatchObject({ statusCode: 302, headers: { location: "/sessions/new" } });
    const set = response.cookies.find((each) => each.startsWith("__Host-session=")) ?? "";
    expect(set).toMatch(/; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax/);
    return set.split(";")[0] ?? "";
  }
}
