import { useNavigation } from "@remix-run/react";

/** A progress bar at the top while the next page loads. */
export function NavigationProgress() {
  const isLoading = useNavigation().state !== "idle";
  return <div className="navigation-progress" data-loading={isLoading || undefined} aria-hidden="true" />;
}
