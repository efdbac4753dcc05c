/** The app's pages as a browser gets them, without a build: the routes are compiled from source. */
import type { handle } from "../../app/http/handler.server";

/** Returns the app's request handler in production mode: in every other, Remix adds stack traces to errors. */
export async function importHandler(): Promise<typeof handle> {
  const mode = import.meta.env.MODE;
  import.meta.env.MODE = "production";
  try {
    return (await import("../../app/http/handler.server")).handle;
  } finally {
    import.meta.env.MODE = mode;
  }
}

/** Opens a page as the laptop's owner. Returns its status and its HTML. */
export async function openPage(path: string): Promise<{ status: number; html: string }> {
  const respond = await importHandler();
  const response = await respond(new Request(`http://localhost:3000${path}`, { headers: { accept: "text/html" } }));
  return { status: response.status, html: await response.text() };
}
