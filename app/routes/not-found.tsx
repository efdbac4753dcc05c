import { AppError } from "@redline/core/errors";
import { withLoaderErrors } from "../http/errors.server";

export const loader = withLoaderErrors(async () => {
  throw new AppError("NOT_FOUND", "This page doesn’t exist.");
});

export default function NotFound() {
  return null;
}
