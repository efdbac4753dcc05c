import { redirect } from "@remix-run/node";

/** `GET /settings`: to the first of its pages. */
export const loader = () => redirect("/settings/model");
