import { languageLabel } from "@redline/core/reviewers/schema";
import { X } from "lucide-react";
import { Button, IconButton } from "../ui/button";
import { Select } from "../ui/field";
import { formatBytes } from "../ui/format-bytes";
import { type IncomingFile, isZipName } from "./incoming-file";
import { LanguageOptions } from "./language-options";

type IncomingListProps = {
  files: readonly IncomingFile[];
  onRemove: (isGone: (file: IncomingFile) => boolean) => void;
  onLanguage: (id: number, language: string) => void;
  onConvert: (files: readonly IncomingFile[]) => void;
};

/** Lists the chosen files with language, size and validation errors. */
export function IncomingList({ files, onRemove, onLanguage, onConvert }: IncomingListProps) {
  const refused = files.filter(({ problem }) => problem).length;
  const convertible = files.filter(({ encoding }) => encoding);
  return (
    <div>
      <ul aria-label="Chosen files" className="border-t border-rule">
        {files.map((each) => (
          <IncomingRow
            key={each.id}
            incoming={each}
            onRemove={onRemove}
            onLanguage={onLanguage}
            onConvert={onConvert}
          />
        ))}
      </ul>
      {convertible.length > 1 && (
        <Button className="mt-2 mr-2" onClick={() => onConvert(convertible)}>
          Convert {convertible.length} files to UTF-8
        </Button>
      )}
      {refused > 1 && (
        <Button className="mt-2" onClick={() => onRemove(({ problem }) => problem !== undefined)}>
          Remove {refused} unsupported files
        </Button>
      )}
    </div>
  );
}

function IncomingRow({
  incoming,
  onRemove,
  onLanguage,
  onConvert,
}: { incoming: IncomingFile } & Omit<IncomingListProps, "files">) {
  const { id, path, file, language, detected, problem, encoding } = incoming;
  return (
    <li className="flex items-center gap-3 border-b border-rule py-1 text-13">
      <div className="min-w-0 flex-1">
        <p className="truncate font-mono text-12" title={path}>
          {path}
        </p>
        {problem && <p className="text-danger">{problem}</p>}
      </div>
      {encoding && (
        <Button size="small" aria-label={`Convert ${path} to UTF-8`} onClick={() => onConvert([incoming])}>
          Convert to UTF-8
        </Button>
      )}
      {!problem &&
        (isZipName(path) ? (
          <span className="text-quiet">Will be unpacked</span>
        ) : (
          <Select
            aria-label={`Language of ${path}`}
            className="w-32! sm:w-44!"
            value={language}
            onChange={(event) => onLanguage(id, event.target.value)}
          >
            <option value="">{languageLabel(detected)}</option>
            <LanguageOptions />
          </Select>
        ))}
      <span className="hidden w-16 text-right text-quiet tabular-nums sm:inline">{formatBytes(file.size)}</span>
      <IconButton label={`Remove ${path}`} tipAlign="end" onClick={() => onRemove((each) => each.id === id)}>
        <X size={16} aria-hidden="true" />
      </IconButton>
    </li>
  );
}
