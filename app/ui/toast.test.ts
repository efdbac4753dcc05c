import { describe, expect, it } from "vitest";
import { addToast, type ToastInput } from "./toast";

const undo = { label: "Undo", run: () => undefined };
const messages = (...toasts: ToastInput[]) =>
  toasts.reduce<ToastInput[]>((kept, toast) => addToast(kept, toast), []).map(({ message }) => message);

describe("toasts", () => {
  it("keep the last of each kind, the newest last", () => {
    expect(
      messages(
        { message: "Dismissed.", action: undo },
        { message: "Can't reach Redline.", tone: "error" },
        { message: "Saved. v2." },
        { message: "Applied. v3.", action: undo },
        { message: "Renamed." },
      ),
    ).toEqual(["Can't reach Redline.", "Applied. v3.", "Renamed."]);
  });
});
