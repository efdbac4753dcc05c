/** Renders text between backticks as code. */
export function CodeText({ text }: { text: string }) {
  const parts = text.split(/`([^`\n]+)`/);
  return (
    <>
      {parts.map((part, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change places
        index % 2 === 1 ? <code key={index}>{part}</code> : part,
      )}
    </>
  );
}
