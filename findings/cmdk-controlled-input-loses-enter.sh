#!/usr/bin/env bash
# Guess: cmdk 1.1.1 treats its input alike whether React controls it (`value` and `onValueChange`) or only listens
# (`onValueChange` alone): once the key event that typed a letter is over, the best match is selected, and Enter chooses it.
#
# Behaviour: with `value` the search reaches cmdk's store in a passive effect, and the match is selected in a render that is
# scheduled from there, so a task later. Until then the item that was selected before is filtered out and none is selected:
# an Enter that follows at once does nothing, and says nothing. On a busy machine people who type fast meet it. Without
# `value` the store is told in the change event itself, and Enter chooses the match.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund cmdk@1.1.1 react@18.3.1 react-dom@18.3.1 jsdom@26.1.0

cat >look.mjs <<'JS'
import { JSDOM } from "jsdom";

const { window } = new JSDOM("<main></main>", { pretendToBeVisual: true });
class Observer { observe() {} unobserve() {} disconnect() {} }
for (const [name, value] of Object.entries({
  ...{ window, document: window.document, navigator: window.navigator, Event: window.Event, ResizeObserver: Observer },
  ...{ HTMLElement: window.HTMLElement, Element: window.Element, Node: window.Node },
  ...{ requestAnimationFrame: (run) => setTimeout(run), cancelAnimationFrame: clearTimeout },
})) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
window.Element.prototype.scrollIntoView = () => {};
window.ResizeObserver = Observer;

const React = await import("react");
const { createRoot } = await import("react-dom/client");
const { Command } = await import("cmdk");
const h = React.createElement;
const settle = () => new Promise((resolve) => setTimeout(resolve, 100));

async function chosenWhen(isControlled) {
  const chosen = [];
  function Palette() {
    const [search, setSearch] = React.useState("");
    const input = { onValueChange: setSearch, ...(isControlled && { value: search }) };
    const item = (value) => h(Command.Item, { key: value, value, onSelect: () => chosen.push(value) });
    return h(Command, null, h(Command.Input, input), h(Command.List, null, ["home", "usage"].map(item)));
  }
  const place = window.document.body.appendChild(window.document.createElement("div"));
  const root = createRoot(place);
  root.render(h(Palette));
  await settle();
  const field = place.querySelector("input");
  Object.getOwnPropertyDescriptor(window.HTMLInputElement.prototype, "value").set.call(field, "usage");
  field.dispatchEvent(new window.Event("input", { bubbles: true }));
  await Promise.resolve();
  field.dispatchEvent(new window.KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  await settle();
  root.unmount();
  place.remove();
  return chosen;
}

const seen = { controlled: await chosenWhen(true), listening: await chosenWhen(false) };
console.log("chosen by Enter right after the text:", JSON.stringify(seen));
process.exit(JSON.stringify(seen) === '{"controlled":[],"listening":["usage"]}' ? 0 : 1);
JS
node look.mjs
