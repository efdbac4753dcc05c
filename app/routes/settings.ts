import type { LoaderFunctionArgs } from "@remix-run/node";
import { redirectWithin } from "../http/safe-redirect.server";

/** `GET /settings`: to the first of its pages. */
export const loader = ({ request }: LoaderFunctionArgs) => redirectWithin(request, "/settings/model");
