import { AppError } from "@redline/core/errors";
import { withLoaderErrors } from "../http/errors.server";

export const loader = withLoaderErrors(async () => {
  throw new AppError("NOT_FOUND", "There is no page at this address.");
});

export default function NotFound() {
  return null;
}
