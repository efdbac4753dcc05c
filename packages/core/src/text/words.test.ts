import { expect, it } from "vitest";
import { hasWords, searchTerms, searchWords } from "./index";

it.each([
  ["orders.ts and 3 more", ["orders", "ts", "and", "3", "more"]],
  ["UserService", ["userservice", "service"]],
  ["parseHTTPServer v2Beta", ["parsehttpserver", "httpserver", "server", "v2beta", "beta"]],
  ["ÄnderungsListe", ["änderungsliste", "liste"]],
])("%s is found by the beginnings of %j", (name, terms) => {
  expect(searchTerms(name)).toEqual(terms);
  expect(hasWords(searchTerms(name), searchWords(name))).toBe(true);
});
