import { AppError } from "@redline/core/errors";
import { withLoaderErrors } from "../http/errors.server";

export const loader = withLoaderErrors(async ({ request }) => {
  const { pathname } = new URL(request.url);
  throw new AppError("NOT_FOUND", `There is no page at ${pathname.slice(0, 120)}.`);
});

export default function NotFound() {
  return null;
}
