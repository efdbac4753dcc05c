import type { MetaFunction } from "@remix-run/node";
import { type ShouldRevalidateFunction, useActionData, useLoaderData } from "@remix-run/react";
import {
  type ConversationActionResult,
  conversationOutcomeMessage,
  isConversationIntent,
} from "../conversation/actions";
import "../conversation/conversation.css";
import { performConversationAction } from "../conversation/conversation-actions.server";
import "../editor/editor.css";
import { getActionError } from "../http/action-error";
import { getActor } from "../http/actor.server";
import { readTextForm } from "../http/body.server";
import { withActionErrors, withLoaderErrors } from "../http/errors.server";
import { flash } from "../http/flash.server";
import { redirectWithin } from "../http/safe-redirect.server";
import { outcomeMessage } from "../review/actions";
import { loadReviewPage } from "../review/load.server";
import { loadPlainEdit } from "../review/load-plain-edit.server";
import { PlainEditor } from "../review/plain-editor";
import { performReviewAction } from "../review/review-actions.server";
import "../review/review.css";
import { ReviewScreen } from "../review/review-screen";
import { namesOpenFile } from "../review/use-open-file";

export const loader = withLoaderErrors(async ({ request, params }) => {
  const actor = await getActor(request);
  const query = new URL(request.url).searchParams;
  const path = query.get("file") ?? undefined;
  const line = Number(query.get("line")) || undefined;
  const thread = query.get("thread") ?? undefined;
  const page = await loadReviewPage(actor, { id: params.id ?? "", path, line, thread });
  const plain = query.has("edit") ? await loadPlainEdit(actor, page, query.get("draft")) : null;
  return { page, plain };
});

/** Handles the page's forms without JavaScript; the outcome is flashed on the next page. */
export const action = withActionErrors(async ({ request, params }) => {
  const actor = await getActor(request);
  const id = params.id ?? "";
  const form = Object.fromEntries(await readTextForm(request));
  if (isConversationIntent(form.intent))
    return redirectToThread(request, await performConversationAction(actor, id, form));
  const result = await performReviewAction(actor, id, form);
  const url = new URL(request.url);
  for (const name of ["edit", "draft", "index"]) url.searchParams.delete(name);
  const back = result.intent === "trash" ? "/sessions" : (result.mergeAt ?? `${url.pathname}${url.search}`);
  const trashed = result.intent === "trash" ? id : undefined;
  return redirectWithin(request, back, { headers: await flash({ message: outcomeMessage(result), trashed }) });
});

/** Redirects a conversation form without JavaScript to its thread. */
async function redirectToThread(request: Request, { intent, threadId }: ConversationActionResult): Promise<Response> {
  const url = new URL(request.url);
  url.searchParams.delete("ask");
  url.searchParams.set("thread", threadId);
  const message = conversationOutcomeMessage(intent);
  return redirectWithin(request, `${url.pathname}${url.search}`, message ? { headers: await flash({ message }) } : {});
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data && "page" in data ? `${data.page.session.name} · Redline` : "Session · Redline" },
];

/** Skips reloading when only the finding, thread or open file's name changes in the URL. */
export const shouldRevalidate: ShouldRevalidateFunction = ({
  currentUrl,
  nextUrl,
  formMethod,
  defaultShouldRevalidate,
}) => {
  if (formMethod || currentUrl.href === nextUrl.href || currentUrl.pathname !== nextUrl.pathname) {
    return defaultShouldRevalidate;
  }
  const isNaming = namesOpenFile(currentUrl, nextUrl);
  const rest = (url: URL) => {
    const query = new URLSearchParams(url.search);
    for (const name of ["finding", "thread", "ask", ...(isNaming ? ["file"] : [])]) query.delete(name);
    return query.toString();
  };
  return rest(currentUrl) === rest(nextUrl) ? false : defaultShouldRevalidate;
};

export default function ReviewRoute() {
  const { page, plain } = useLoaderData<typeof loader>();
  const error = getActionError(useActionData<typeof action>());
  if (plain) return <PlainEditor page={page} plain={plain} error={error?.message} />;
  return <ReviewScreen key={page.session.id} page={page} error={error?.message} />;
}
