/** Input as WebDriver's two protocols, classic and BiDi, both take it: https://www.w3.org/TR/webdriver2/#actions. */

const NAMED_KEYS: Record<string, string> = {
  Tab: "\uE004",
  Enter: "\uE007",
  Shift: "\uE008",
  Control: "\uE009",
  Escape: "\uE00C",
  End: "\uE010",
  Home: "\uE011",
  ArrowDown: "\uE015",
};

/** Returns the actions that press keys one after the other; `Control+Enter` presses two at once. */
export function keyActions(keys: string[]) {
  const actions = keys.flatMap((key) => {
    const values = (key.length === 1 ? [key] : key.split("+")).map((name) => NAMED_KEYS[name] ?? name);
    const downs = values.map((value) => ({ type: "keyDown", value }));
    const ups = values.toReversed().map((value) => ({ type: "keyUp", value }));
    return [...downs, ...ups];
  });
  return [{ type: "key", id: "keyboard", actions }];
}

/** Returns the actions that click the middle of an element; how an element is written differs between the protocols. */
export function clickActions(origin: object) {
  const actions = [
    { type: "pointerMove", x: 0, y: 0, origin },
    { type: "pointerDown", button: 0 },
    { type: "pointerUp", button: 0 },
  ];
  return [{ type: "pointer", id: "mouse", parameters: { pointerType: "mouse" }, actions }];
}
