/** What somebody said. */
export function MessageText({ text }: { text: string }) {
  return <div className="message-text">{text}</div>;
}
