import { AppError } from "@redline/core/errors";
import { loading } from "../http/errors.server";

export const loader = loading(async () => {
  throw new AppError("NOT_FOUND", "There is no page at this address.");
});

export default function NotFound() {
  return null;
}
