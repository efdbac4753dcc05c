import { RemixBrowser } from "@remix-run/react";
import { setNonce } from "get-nonce";
import { StrictMode, startTransition } from "react";
import { hydrateRoot } from "react-dom/client";
import { pageNonce } from "./http/nonce";
import { InputOnceHydrated, withholdInput } from "./ui/hydration";

// Radix's scroll lock puts a style into the page and asks this package for the nonce that allows it.
setNonce(pageNonce() ?? "");

withholdInput();
startTransition(() => {
  hydrateRoot(
    document,
    <StrictMode>
      <InputOnceHydrated>
        <RemixBrowser />
      </InputOnceHydrated>
    </StrictMode>,
  );
});
