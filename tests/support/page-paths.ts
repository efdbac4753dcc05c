/** The addresses of the app's pages, from its routes. */
import routes from "../../app/routes";

/** Pages that there are with accounts only. */
const OF_ACCOUNTS = /^(auth\/(?!sign-in$)|dev\/|teams|settings\/account)/;

/** Returns the address of every page of a laptop without accounts but *not found*, those of a session with its id. */
export const pagePaths = (sessionId: string): string[] =>
  routes.flatMap(({ path = "", file }) =>
    file.endsWith(".tsx") && path !== "*" && !OF_ACCOUNTS.test(path) ? `/${path.replace(":id", sessionId)}` : [],
  );

/** Returns the addresses of a session's pages. */
export const sessionPages = (id: string): string[] =>
  pagePaths(id).filter((path) => path.startsWith(`/sessions/${id}`));
