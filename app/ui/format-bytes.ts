const KB = 1_024;

/** Formats a size in bytes: `812 B`, `3.4 KB`, `5 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < KB) return `${bytes} B`;
  const [size, unit] = bytes < KB * KB ? [bytes / KB, "KB"] : [bytes / KB / KB, "MB"];
  return `${size.toFixed(Number.isInteger(size) || size >= 100 ? 0 : 1)} ${unit}`;
}
