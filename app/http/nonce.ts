import { createContext, useContext } from "react";

/** The nonce while the server renders. Browsers hide it from scripts that read attributes, so theirs is read below. */
export const NonceContext = createContext<string | undefined>(undefined);

export function useNonce(): string | undefined {
  return useContext(NonceContext);
}

/** In the browser: the nonce that this page's policy allows, for libraries that put styles into the page. */
export function pageNonce(): string | undefined {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce;
}
