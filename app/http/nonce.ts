import { createContext, useContext } from "react";

/** The nonce while the server renders. Browsers hide it from scripts that read attributes, so theirs is read below. */
export const NonceContext = createContext<string | undefined>(undefined);

export function useNonce(): string | undefined {
  return useContext(NonceContext);
}

/** Returns the nonce of this page's policy in the browser, for libraries that inject styles. */
export function pageNonce(): string | undefined {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce;
}
