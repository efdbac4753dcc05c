import type { ReactNode } from "react";
import type { Flash } from "../http/flash.server";
import { PaletteHost } from "../palette/palette-host";
import { useStrayDrop } from "../sessions/use-stray-drop";
import { RenderedAtContext } from "../ui/relative-time";
import type { Theme } from "../ui/theme";
import { ToastProvider } from "../ui/toast";
import { FlashMessage } from "./flash-message";
import { type AuthState, TopBar } from "./top-bar";

type AppShellProps = { theme: Theme; authState: AuthState; renderedAt: number; flash?: Flash; children: ReactNode };

/** The app shell: skip link, top bar, toasts, command palette and shortcuts. */
export function AppShell({ theme, authState, renderedAt, flash, children }: AppShellProps) {
  return (
    <RenderedAtContext.Provider value={renderedAt}>
      <ToastProvider>
        <PaletteHost>
          <a
            href="#main"
            className="sr-only rounded-md bg-ink px-3 py-2 text-13 text-paper focus:not-sr-only focus:absolute focus:top-1 focus:left-1 focus:z-50"
          >
            Skip to main content
          </a>
          <StrayDrop />
          <TopBar theme={theme} authState={authState} />
          <FlashMessage flash={flash} />
          {children}
        </PaletteHost>
      </ToastProvider>
    </RenderedAtContext.Provider>
  );
}

/** Files that are dropped where no form takes them. */
function StrayDrop() {
  useStrayDrop();
  return null;
}
