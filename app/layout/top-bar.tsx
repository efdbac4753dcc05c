import { Form, Link, NavLink } from "@remix-run/react";
import { LogOut, Search, Settings, Users } from "lucide-react";
import { usePalette } from "../palette/palette-host";
import { Shortcut } from "../palette/shortcut-help";
import { IconButton, IconLink } from "../ui/button";
import { classNames } from "../ui/class-names";
import type { Theme } from "../ui/theme";
import { BrandMark } from "./brand-mark";
import { ThemeSwitch } from "./theme-switch";

const NAV_ITEMS = [
  { to: "/sessions", label: "Sessions", end: true },
  { to: "/sessions/new", label: "New" },
  { to: "/rules", label: "Rules" },
];

/** The viewer: the laptop's owner, the holder of the operator secret, an account, or an unknown visitor. */
export type AuthState = "local" | "operator" | "account" | "anonymous";

/** The top bar. Anonymous users get no navigation. */
export function TopBar({ theme, authState }: { theme: Theme; authState: AuthState }) {
  return (
    <header className="flex h-11 shrink-0 items-center border-b border-rule px-1 sm:gap-1 sm:px-3">
      <Link
        to="/"
        aria-label="Redline, home"
        className="target target-square flex items-center justify-center gap-2 rounded-md px-1.5 py-1 sm:mr-3"
      >
        <BrandMark />
        <span className="hidden font-semibold sm:inline">Redline</span>
      </Link>
      {authState !== "anonymous" && <Navigation theme={theme} authState={authState} />}
    </header>
  );
}

function Navigation({ theme, authState }: { theme: Theme; authState: AuthState }) {
  const canSignOut = authState !== "local";
  const { open } = usePalette();
  return (
    <>
      <nav aria-label="Main" className="flex items-center">
        {NAV_ITEMS.map(({ to, label, end }) => (
          <NavLink
            key={to}
            to={to}
            end={end}
            prefetch="intent"
            className={({ isActive }) =>
              classNames(
                "target inline-flex items-center rounded-md px-1.5 py-1 text-13 hover:bg-hover sm:px-2.5",
                isActive ? "font-medium text-ink" : "text-quiet",
                // A narrow phone has no room for all of them.
                canSignOut && to === "/sessions/new" && "max-sm:hidden",
                authState === "account" && to === "/rules" && "max-sm:hidden",
              )
            }
          >
            {label}
          </NavLink>
        ))}
      </nav>
      <div className="ml-auto flex items-center sm:gap-1">
        {/* A link, so that without a script it still leads to where one can search. */}
        <Link
          to="/sessions"
          aria-label="Command palette"
          aria-keyshortcuts="Meta+K Control+K"
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey) return;
            event.preventDefault();
            open();
          }}
          className="target target-square flex h-8 items-center justify-center gap-2 rounded-md px-2 text-13 text-quiet hover:bg-hover"
        >
          <Search size={16} aria-hidden="true" />
          <span className="hidden items-center gap-2 sm:flex">
            Go to <Shortcut keys="mod+k" />
          </span>
        </Link>
        {authState === "account" && (
          <IconLink to="/teams" label="Teams" prefetch="intent">
            <Users size={16} aria-hidden="true" />
          </IconLink>
        )}
        <IconLink to="/settings/model" label="Settings" prefetch="intent">
          <Settings size={16} aria-hidden="true" />
        </IconLink>
        <ThemeSwitch theme={theme} />
        {canSignOut && (
          <Form method="post" action="/auth/sign-out">
            <IconButton type="submit" label="Sign out" tipAlign="end">
              <LogOut size={16} aria-hidden="true" />
            </IconButton>
          </Form>
        )}
      </div>
    </>
  );
}
