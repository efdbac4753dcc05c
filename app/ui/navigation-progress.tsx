import { useNavigation } from "@remix-run/react";

/** A thin line at the top while the next page is on its way. */
export function NavigationProgress() {
  const isLoading = useNavigation().state !== "idle";
  return <div className="navigation-progress" data-loading={isLoading || undefined} aria-hidden="true" />;
}
