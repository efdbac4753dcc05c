import type { ModelTest as Result } from "@redline/core/ai/schema";
import { Form, useNavigation } from "@remix-run/react";
import { useEffect, useState } from "react";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { describeCost, formatDuration } from "../usage/cost";
import { modelName } from "../usage/names";

/** Sends the reply model a test request and shows the result. */
export function ModelTest({ model, result }: { model: string; result?: Result }) {
  const { state, formData } = useNavigation();
  const isAsking = state !== "idle" && formData?.get("intent") === "test";
  return (
    <div className="mt-3">
      <Form method="post" preventScrollReset className="flex flex-wrap items-center gap-3">
        <Button type="submit" name="intent" value="test" aria-disabled={isAsking} disabled={isAsking}>
          Test model
        </Button>
        <span className="text-13 text-quiet">
          {isAsking ? <ModelTestPending /> : `Sends ${model} a short request. Uses a few tokens.`}
        </span>
      </Form>
      <div aria-live="polite" className="mt-3 empty:hidden">
        {result && !isAsking && <ModelTestResult result={result} />}
      </div>
    </div>
  );
}

function ModelTestPending() {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((before) => before + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
  return <>Calling the model… {seconds > 0 && `${seconds} s`}</>;
}

function ModelTestResult({ result }: { result: Result }) {
  if (!result.ok) {
    return (
      <Notice tone="danger">
        <p className="font-medium">
          {result.model ? `${modelName(result.model)} didn't respond.` : "No model could be called."}{" "}
          <code className="font-mono text-12 font-normal">{result.error.code}</code>
        </p>
        <p>{result.error.message}</p>
      </Notice>
    );
  }
  const { model, words, usage, costMicroUsd, firstTokenMs, ms } = result;
  return (
    <Notice>
      <p>
        <span className="font-medium">{modelName(model)}</span> responded in {formatDuration(ms)}:{" "}
        <q className="italic">{words.trim().slice(0, 200)}</q>
      </p>
      <p className="text-12 text-quiet">{describeCost({ usage, costMicroUsd, firstTokenMs, totalMs: ms })}</p>
    </Notice>
  );
}
