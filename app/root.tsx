import interUrl from "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url";
import monoUrl from "@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2?url";
import { data, type LinksFunction, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import {
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  type ShouldRevalidateFunction,
  useLoaderData,
  useRouteLoaderData,
} from "@remix-run/react";
import type { ReactNode } from "react";
import "./app.css";
import { getAuthState } from "./http/authenticate.server";
import { readFlash } from "./http/flash.server";
import { useNonce } from "./http/nonce";
import { readTheme } from "./http/theme-cookie.server";
import { AppShell } from "./layout/app-shell";
import { settingsTabs } from "./settings/tabs.server";
import { describeError, ErrorPage } from "./ui/error-page";
import { NavigationProgress } from "./ui/navigation-progress";

const MINUTE_MS = 60_000;

export const links: LinksFunction = () => [
  ...[interUrl, monoUrl].map((href) => ({
    rel: "preload",
    href,
    as: "font" as const,
    type: "font/woff2",
    crossOrigin: "anonymous" as const,
  })),
  { rel: "icon", href: "/icon.svg", type: "image/svg+xml" },
];

export const meta: MetaFunction = ({ error }) => [
  { title: error ? `${describeError(error).title} · Redline` : "Redline" },
];

export async function loader({ request }: LoaderFunctionArgs) {
  const { flash, headers } = await readFlash(request);
  const renderedAt = Date.now() - (Date.now() % MINUTE_MS);
  const [theme, tabs] = await Promise.all([readTheme(request), settingsTabs(request)]);
  return data({ theme, authState: getAuthState(request), settingsTabs: tabs, renderedAt, flash }, { headers });
}

/** Reloads the app shell's data after actions and page changes, not after search parameter changes. */
export const shouldRevalidate: ShouldRevalidateFunction = ({
  currentUrl,
  nextUrl,
  formMethod,
  defaultShouldRevalidate,
}) => {
  const isChoice = !formMethod && currentUrl.pathname === nextUrl.pathname && currentUrl.search !== nextUrl.search;
  return isChoice ? false : defaultShouldRevalidate;
};

export function Layout({ children }: { children: ReactNode }) {
  const nonce = useNonce();
  // No theme when the loader itself failed: the page of the error follows the system then.
  const theme = useRouteLoaderData<typeof loader>("root")?.theme ?? "system";
  return (
    <html lang="en" data-theme={theme}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={theme === "system" ? "light dark" : theme} />
        <meta property="csp-nonce" nonce={nonce} suppressHydrationWarning />
        <Meta />
        <Links />
      </head>
      <body>
        <NavigationProgress />
        {children}
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

export default function App() {
  return (
    <AppShell {...useLoaderData<typeof loader>()}>
      <Outlet />
    </AppShell>
  );
}

export function ErrorBoundary() {
  // When the loader itself failed, the viewer is unknown: links that may be closed to them are hidden.
  const loaded = useRouteLoaderData<typeof loader>("root") ?? {
    theme: "system" as const,
    authState: "anonymous" as const,
    renderedAt: 0,
  };
  return (
    <AppShell {...loaded}>
      <ErrorPage />
    </AppShell>
  );
}
